import {
  compareIstioVersions,
  parseIstioVersion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  consent,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { InventoriedMesh } from '../../inventory/types';
import type { WholeMeshCheck } from '../types';
import { proxiesOf } from './data-plane-skew';

const LINK = {
  title: 'Supported versions of control plane and data plane',
  url: 'https://istio.io/latest/docs/releases/supported-releases/',
};

/** What stays newer when a mesh goes back to a former version. */
export function returnRisks(): WholeMeshCheck {
  return {
    id: 'return-risks',
    title: 'What a return leaves newer',
    worst: 'consent',
    scope: 'mesh',
    applies: ({ returning }) => returning === true,
    run: async ({ mesh, targetVersion }) =>
      judgeReturn(
        {
          id: mesh.id,
          installed: mesh.versions.at(-1) ?? 'unknown',
          proxies: newerProxies(mesh, targetVersion),
        },
        targetVersion,
      ),
  };
}

/** Proxies of one version. */
export interface Proxies {
  version: string;
  number: number;
}

/** Judges what stays newer than the version that is returned to. */
export function judgeReturn(
  mesh: {
    id: string;
    /** Newest version of its control planes. */
    installed: string;
    /** Those that are newer, or whose version nobody can read. */
    proxies: Proxies[];
  },
  targetVersion: string,
): Finding[] {
  const { id, installed, proxies } = mesh;
  const newer = proxies.reduce((sum, { number }) => sum + number, 0);
  const versions = proxies.map(({ version }) => version).join(', ');
  return [
    consent({
      title: `Istio's custom resource definitions stay those of ${installed}`,
      object: `mesh ${id}`,
      observed: `Definitions of ${installed}`,
      expected: `Definitions of ${targetVersion}`,
      remedy: `They are never taken back: what was stored by them would be lost. Fields that only ${installed} knows are ignored by istiod ${targetVersion}; take them out of your configuration.`,
    }),
    ...(newer > 0
      ? [
          consent({
            title: `Sidecars and gateways newer than istiod ${targetVersion} stay, which Istio does not support: ${proxies
              .map(({ version, number }) => `${number} with ${version}`)
              .join(', ')}`,
            object: `proxies of mesh ${id}`,
            observed: `Proxies run ${versions}`,
            expected: `No proxy newer than ${targetVersion}`,
            remedy:
              'Upgrade the sidecars right after the return: the restart gives them the proxy of the former version. Gateways that are injected need it, too.',
            link: LINK,
          }),
        ]
      : []),
  ];
}

function newerProxies(
  mesh: Pick<InventoriedMesh, 'proxyVersions' | 'components'>,
  targetVersion: string,
): Proxies[] {
  const target = parseIstioVersion(targetVersion);
  return proxiesOf(mesh)
    .filter(({ version }) => {
      const own = parseIstioVersion(version);
      return !own || !target || compareIstioVersions(own, target) > 0;
    })
    .map(({ version, pods, gateways }) => ({
      version,
      number: pods + gateways.filter(isApart).length,
    }))
    .filter(({ number }) => number > 0);
}

/** Gateways that are injected are among the pods with a sidecar. */
function isApart({ gateway }: InventoriedMesh['components'][number]): boolean {
  return gateway?.origin === 'gatewayApi';
}
