import type { ClusterAccess } from '../../../ClusterAccess';
import { askInjector } from './askInjector';
import { expectInstall } from './expectInstall';
import { expectTags, type ExpectedTag } from './expectTags';
import { expectWorkloads, type ExpectedWorkload } from './expectWorkloads';
import { versionOf } from './pods';
import type { Snapshot } from './Snapshot';
import type { Container, KubeObject } from './types';

/** A named row of something that is compared. */
export type Row = { id: string } & Record<string, unknown>;

/** What is compared of the meshes of a fleet. */
export interface ExpectedMeshes {
  meshes: Row[];
  clusters: Row[];
  controlPlanes: Row[];
  revisions: Row[];
  tags: Row[];
  components: Row[];
}

/** A cluster and everything that was read of it. */
export interface Seen {
  cluster: ClusterAccess;
  snapshot: Snapshot;
  workloads: ExpectedWorkload[];
  controlPlanes: Row[];
  tags: ExpectedTag[];
}

const DEFAULT = 'default';
const REVISION = 'istio.io/rev';
const AGENTS = { 'install-cni': 'cni', ztunnel: 'ztunnel' };
const GATEWAY_API = 'gateway.networking.k8s.io/gateway-name';

export async function look(
  cluster: ClusterAccess,
  snapshot: Snapshot,
): Promise<Seen> {
  const controlPlanes: Row[] = [];
  for (const deployment of snapshot.deployments.filter(isIstiod)) {
    controlPlanes.push(await expectControlPlane(cluster, deployment));
  }
  return {
    cluster,
    snapshot,
    controlPlanes,
    workloads: await expectWorkloads(cluster, snapshot),
    tags: await expectTags(cluster),
  };
}

/** The meshes of what was seen: control planes are of one mesh when their injectors name one. */
export async function expectMeshes(seen: Seen[]): Promise<ExpectedMeshes> {
  const ids = [...new Set(seen.map(meshIdOf))].sort();
  return {
    meshes: ids.map(id =>
      expectMesh(
        id,
        seen.filter(one => meshIdOf(one) === id),
      ),
    ),
    clusters: await Promise.all(
      seen.map(async ({ cluster }) => ({
        id: cluster.name,
        kubernetesVersion: (
          await cluster.get<{ gitVersion: string }>('/version')
        ).gitVersion.slice(1),
        health: 'healthy',
      })),
    ),
    controlPlanes: seen.flatMap(({ controlPlanes }) => controlPlanes),
    revisions: (await Promise.all(seen.map(expectRevisions))).flat(),
    tags: seen.flatMap(({ cluster, controlPlanes, tags }) =>
      tags.map(({ tag, revision, namespaces }) => ({
        id: `${cluster.name}/${tag}`,
        revision,
        namespaces,
        version: versionOfRevision(controlPlanes, revision),
      })),
    ),
    components: seen.flatMap(expectComponents),
  };
}

/** All control planes of one cluster are of one mesh in these fleets. */
export function meshIdOf({ cluster, snapshot }: Seen): string {
  const [config] = snapshot.injectorConfigs;
  return JSON.parse(config?.data.values ?? '{}').global?.meshID ?? cluster.name;
}

function expectMesh(id: string, seen: Seen[]): Row {
  const isExternal = seen.every(
    ({ controlPlanes }) => controlPlanes.length === 0,
  );
  const versions = [
    ...new Set(seen.flatMap(isExternal ? versionInjected : versionsRun)),
  ].sort();
  const injected = seen
    .flatMap(({ workloads }) => workloads)
    .filter(({ pods }) => pods.injected > 0);
  const census = new Map<string, number>();
  for (const { version, pods } of injected.flatMap(one => one.versions)) {
    census.set(version, (census.get(version) ?? 0) + pods);
  }
  return {
    id,
    type: isExternal ? 'external' : typeOf(seen),
    version: versions[0],
    versions,
    clusters: seen.map(({ cluster }) => cluster.name).sort(),
    census: Object.fromEntries([...census].sort()),
    sidecars: {
      total: sum(injected, ({ pods }) => pods.injected),
      current: sum(injected, ({ versions: own, desiredVersion }) =>
        sum(own, ({ version, pods }) =>
          version === desiredVersion ? pods : 0,
        ),
      ),
      workloads: injected.length,
      outdatedWorkloads: injected.filter(({ outdated }) => outdated).length,
    },
  };
}

function typeOf(seen: Seen[]): string {
  return seen.length > 1 ? 'hosted' : 'dedicated';
}

function versionsRun({ controlPlanes }: Seen): string[] {
  return controlPlanes.map(({ version }) => version as string);
}

/** All that a cluster knows of an istiod elsewhere. */
function versionInjected({ snapshot }: Seen): string[] {
  return snapshot.injectorConfigs.map(
    ({ data }) => JSON.parse(data.values).global.tag,
  );
}

async function expectControlPlane(
  cluster: ClusterAccess,
  deployment: KubeObject,
): Promise<Row> {
  const { metadata, spec, status } = deployment;
  const image = istiodOf(deployment)!.image!;
  return {
    id: [cluster.name, metadata.namespace, metadata.name].join('/'),
    cluster: cluster.name,
    revision: metadata.labels?.[REVISION] ?? DEFAULT,
    version: versionOf(image) ?? (await toldByIstiod(cluster, deployment)),
    image,
    desired: spec?.replicas,
    ready: status?.readyReplicas ?? 0,
    ...(await expectInstall(cluster, deployment)),
  };
}

/** What istiod itself answers, for an image that is named by its digest only. */
async function toldByIstiod(
  cluster: ClusterAccess,
  { metadata, spec }: KubeObject,
): Promise<string | undefined> {
  const labels = Object.entries(spec?.selector.matchLabels).map(
    ([key, value]) => `${key}=${value}`,
  );
  const pods = `/api/v1/namespaces/${metadata.namespace}/pods`;
  const { items } = await cluster.get<{ items: KubeObject[] }>(
    `${pods}?labelSelector=${encodeURIComponent(labels.join())}`,
  );
  const told = await cluster.text(
    `${pods}/${items[0].metadata.name}:15014/proxy/version`,
  );
  return told.match(/\d+\.\d+\.\d+/)?.[0];
}

/** Who would be injected by it, and which of its namespaces ask for that. */
async function expectRevisions({
  cluster,
  snapshot,
  workloads,
  controlPlanes,
  tags,
}: Seen): Promise<Row[]> {
  const asking: (string | undefined)[] = [];
  for (const { metadata } of snapshot.namespaces) {
    const plain = { spec: { containers: [{ name: 'app', image: 'app' }] } };
    const injection = await askInjector(cluster, metadata.name, plain);
    asking.push(injection?.revision);
  }
  // Webhooks that are left of a revision whose istiod is gone are shown too.
  const names = new Set([
    ...controlPlanes.map(({ revision }) => revision as string),
    ...snapshot.injectors.map(({ metadata }) => metadata.labels![REVISION]),
  ]);
  return [...names].map(revision => ({
    id: `${cluster.name}/${revision}`,
    version: versionOfRevision(controlPlanes, revision),
    tags: tags
      .filter(tag => tag.revision === revision)
      .map(({ tag }) => tag)
      .sort(),
    namespaces: asking.filter(one => one === revision).length,
    workloads: workloads.filter(one => one.revision === revision).length,
  }));
}

function expectComponents({ cluster, snapshot, controlPlanes }: Seen): Row[] {
  const place = ({ metadata }: KubeObject) =>
    [cluster.name, metadata.namespace, metadata.name].join('/');
  return [
    ...controlPlanes.map(({ id, version, desired, ready }) => ({
      id,
      kind: 'istiod',
      version,
      desired,
      ready,
    })),
    ...snapshot.daemonSets.flatMap(daemonSet => {
      const image = imagesOf(daemonSet).find(one => agentOf(one));
      return image
        ? [
            {
              id: place(daemonSet),
              kind: agentOf(image),
              version: versionOf(image),
              desired: daemonSet.status?.desiredNumberScheduled,
              ready: daemonSet.status?.numberReady,
            },
          ]
        : [];
    }),
    ...snapshot.workloads
      .filter(({ template }) => isGateway(template.spec.containers))
      .map(({ object, template, pods }) => ({
        id: place(object),
        kind: template.metadata?.labels?.[GATEWAY_API]?.includes('waypoint')
          ? 'waypoint'
          : 'gateway',
        version: pods
          .flatMap(({ spec }) => imagesIn(spec.containers))
          .map(versionOf)
          .sort()[0],
        desired: object.spec?.replicas,
        ready: object.status?.readyReplicas ?? 0,
      })),
  ];
}

/** A proxy without an application beside it; the agent of ambient meshes calls its container so too. */
function isGateway(containers: Container[]): boolean {
  return (
    containers.length === 1 &&
    containers[0].name === 'istio-proxy' &&
    agentOf(containers[0].image!) === undefined
  );
}

function isIstiod(deployment: KubeObject): boolean {
  return istiodOf(deployment) !== undefined;
}

function istiodOf({ spec }: KubeObject): Container | undefined {
  return (spec?.template.spec.containers as Container[]).find(({ image }) =>
    /\/pilot(-[a-z]+)?[:@]/.test(image ?? ''),
  );
}

function agentOf(image: string): string | undefined {
  return Object.entries(AGENTS).find(([name]) =>
    new RegExp(`/${name}(-[a-z]+)?[:@]`).test(image),
  )?.[1];
}

function imagesOf({ spec }: KubeObject): string[] {
  return imagesIn(spec?.template.spec.containers);
}

function imagesIn(containers: Container[]): string[] {
  return containers.map(({ image }) => image!);
}

function versionOfRevision(
  controlPlanes: Row[],
  revision: string,
): string | undefined {
  return controlPlanes.find(one => one.revision === revision)?.version as
    | string
    | undefined;
}

function sum<T>(items: T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
