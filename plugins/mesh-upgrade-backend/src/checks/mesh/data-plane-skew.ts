import {
  compareIstioVersions,
  parseIstioVersion,
  type CheckedObject,
  type MeshComponentView,
  type ProxyVersionCount,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  consent,
  info,
  passed,
  undecided,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { InventoriedMesh, Inventory } from '../../inventory/types';
import { minorNumber } from '../configuration/hop';
import type { WholeMeshCheck } from '../types';

/** Istio supports proxies that are as old as istiod or one minor older, and none that are newer. */
const MOST_BEHIND = 1;
const UNKNOWN = 'unknown';
const MOST_NAMED = 50;

/** The proxies of one version, wherever they run. */
export interface ProxiesOfVersion {
  version: string;
  pods: number;
  gateways: MeshComponentView[];
}

/** The workloads of a mesh that run a version. */
export interface WorkloadsOfVersion {
  objects: CheckedObject[];
  total: number;
}

/** Whether the proxies that run now get along with the new control plane, gateways too. */
export function dataPlaneSkew(options: {
  inventory: Pick<Inventory, 'workloads'>;
}): WholeMeshCheck {
  return {
    id: 'data-plane-skew',
    title: 'Versions of sidecars and gateways',
    worst: 'blocker',
    scope: 'mesh',
    // What stays newer then is for return-risks to tell.
    applies: ({ returning }) => !returning,
    async run({ mesh, targetVersion }) {
      const findings = await Promise.all(
        proxiesOf(mesh).map(async proxies => {
          const verdict = judgeProxies(mesh.id, proxies, targetVersion);
          return verdict && verdict.severity !== 'info'
            ? withWorkloads(
                verdict,
                proxies,
                await workloadsOf(mesh, proxies.version, options.inventory),
              )
            : verdict;
        }),
      );
      const told = findings.flatMap(finding => finding ?? []);
      return told.length > 0
        ? told
        : [
            passed({
              title: `Every sidecar and gateway gets along with ${targetVersion}`,
              object: `mesh ${mesh.id}`,
              observed:
                mesh.proxyVersions.map(({ version }) => version).join(', ') ||
                'No sidecar runs',
              expected: expectation(targetVersion),
            }),
          ];
    },
  };
}

/** Every version that runs in a mesh, by sidecars or by gateways. */
export function proxiesOf(mesh: {
  proxyVersions: ProxyVersionCount[];
  components: MeshComponentView[];
}): ProxiesOfVersion[] {
  const gateways = mesh.components.filter(({ kind }) =>
    ['gateway', 'waypoint'].includes(kind),
  );
  const versionOf = ({ version }: MeshComponentView) => version ?? UNKNOWN;
  const versions = new Set([
    ...mesh.proxyVersions.map(({ version }) => version),
    ...gateways.map(versionOf),
  ]);
  return [...versions].map(version => ({
    version,
    pods: mesh.proxyVersions.find(each => each.version === version)?.pods ?? 0,
    gateways: gateways.filter(each => versionOf(each) === version),
  }));
}

/** Undefined when there is nothing to say about a version. */
export function judgeProxies(
  meshId: string,
  proxies: ProxiesOfVersion,
  targetVersion: string,
): Finding | undefined {
  const { version } = proxies;
  const what = nameOf(proxies);
  const says = {
    object: `proxies of mesh ${meshId}`,
    observed: `${what} run ${version}`,
    expected: expectation(targetVersion),
  };
  const minor = minorNumber(version);
  const target = minorNumber(targetVersion);
  if (minor === undefined || target === undefined) {
    return undecided({
      ...says,
      title: `${what} run images that tell no version`,
      observed: `${what} run an image whose tag is no version`,
      remedy:
        'Give the images tags that are versions, or see for yourself that they are not newer than the target.',
      // Their image is somebody's decision, not a failure to look.
      blocks: false,
    });
  }
  const behind = target - minor;
  if (behind < 0) {
    return blocker({
      ...says,
      title: `${what} run ${version}, newer than ${targetVersion}; Istio does not support that`,
      remedy: `Choose Istio ${version} or newer as the target.`,
    });
  }
  if (behind > MOST_BEHIND) {
    return consent({
      ...says,
      title: `${what} that run ${version} would be ${behind} minors behind the control plane; Istio supports one`,
      remedy:
        'Restart them first, so that they get the version that istiod injects now; a gateway that is injected needs a restart, too. One of the Gateway API istiod redeploys itself.',
    });
  }
  if (isNewer(version, targetVersion)) {
    return warning({
      ...says,
      title: `${what} run ${version}, a newer patch than ${targetVersion}`,
      remedy: `Choose ${version} or newer as the target, so that no proxy is newer than istiod.`,
    });
  }
  return behind === 0
    ? undefined
    : info({
        ...says,
        title: `${what} that run ${version} will be one minor behind the control plane, which Istio supports`,
        remedy: 'Restart them after the upgrade of the control plane.',
      });
}

function nameOf({ pods, gateways }: ProxiesOfVersion): string {
  if (gateways.length === 0) {
    return 'Proxies';
  }
  return pods > 0 ? 'Proxies and gateways' : 'Gateways';
}

function expectation(targetVersion: string): string {
  return `Proxies of the minor of ${targetVersion} or one minor older, none newer`;
}

function isNewer(version: string, than: string): boolean {
  const a = parseIstioVersion(version);
  const b = parseIstioVersion(than);
  return a !== undefined && b !== undefined && compareIstioVersions(a, b) > 0;
}

/** How many there are is told beside what was observed: it changes while people read. */
function withWorkloads(
  finding: Finding,
  { gateways }: ProxiesOfVersion,
  workloads: WorkloadsOfVersion,
): Finding {
  // The others are workloads that a restart upgrades, and so among them.
  const apart = gateways.filter(
    ({ gateway }) => gateway?.origin === 'gatewayApi',
  );
  const objects = [
    ...apart.map(({ namespace, name }) => ({
      kind: 'Deployment',
      namespace,
      name,
    })),
    ...workloads.objects,
  ];
  return objects.length === 0
    ? finding
    : {
        ...finding,
        objects: objects.slice(0, MOST_NAMED),
        objectsTotal: apart.length + workloads.total,
      };
}

async function workloadsOf(
  mesh: InventoriedMesh,
  version: string,
  inventory: Pick<Inventory, 'workloads'>,
): Promise<WorkloadsOfVersion> {
  const { items, total } = await inventory.workloads({
    mesh: [mesh.id],
    version: [version],
    limit: MOST_NAMED,
  });
  return {
    objects: items.map(({ kind, namespace, name }) => ({
      kind,
      namespace,
      name,
    })),
    total,
  };
}
