import type {
  InstallMethod,
  MeshStatus,
  MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Messages } from '../../hooks';
import type { Tone } from '../widgets';

const TONES: Record<MeshStatus, Tone> = {
  running: 'good',
  notReady: 'warning',
  abnormal: 'bad',
  upgrading: 'progress',
  unreachable: 'unknown',
  unknown: 'unknown',
};

/** What the backend changes by itself. */
const CHANGED_FROM_HERE: InstallMethod[] = [
  'sail',
  'helm',
  'istioctl',
  'flux',
  'argocd',
];

/** How the status of a mesh looks. */
export function meshTone(mesh: MeshView): Tone {
  return mesh.activeRun ? 'progress' : TONES[mesh.status];
}

/** What the status of a mesh is called. */
export function meshStatusText(mesh: MeshView, t: Messages): string {
  return t(`mesh.status.${mesh.activeRun ? 'upgrading' : mesh.status}`);
}

/** Who installed the mesh; of a control plane outside of the clusters they tell nothing. */
export function installText({ type, install }: MeshView, t: Messages): string {
  const elsewhere = type === 'external' && install.method === 'unknown';
  return t(`mesh.install.${elsewhere ? 'external' : install.method}`);
}

/** Running upgrades first, then trouble, then losing support, then upgradable, then fine. */
export function sortMeshes(meshes: MeshView[]): MeshView[] {
  return [...meshes].sort(
    (a, b) => urgency(a) - urgency(b) || a.name.localeCompare(b.name),
  );
}

function urgency(mesh: MeshView): number {
  if (mesh.activeRun || mesh.status === 'upgrading') {
    return 0;
  }
  if (mesh.status !== 'running') {
    return 1;
  }
  if (losesSupport(mesh)) {
    return 2;
  }
  return mesh.upgrade ? 3 : 4;
}

/** Support has ended or is about to. */
export function losesSupport(mesh: MeshView): boolean {
  return mesh.support.state === 'endingSoon' || mesh.support.state === 'ended';
}

/** Clusters of the mesh that answer. */
export function healthyClusters(mesh: MeshView): number {
  return mesh.clusters.filter(({ health }) => health.state === 'healthy')
    .length;
}

/** Why this mesh cannot be upgraded from here, or undefined when it can; says nothing about permissions. */
export function upgradeObstacle(
  mesh: MeshView,
  t: Messages,
): string | undefined {
  return (
    changeObstacle(mesh, t) ??
    (mesh.upgrade ? undefined : t('mesh.obstacle.newest'))
  );
}

/** Why nothing can change the version of this mesh from here, or undefined. */
export function changeObstacle(
  mesh: MeshView,
  t: Messages,
): string | undefined {
  if (mesh.activeRun) {
    return t('mesh.obstacle.running');
  }
  if (isUpgradedByHand(mesh)) {
    return undefined;
  }
  const fixed = mesh.clusters.filter(({ mode }) => mode !== 'full');
  if (fixed.length > 0) {
    return t('mesh.obstacle.mode', {
      clusters: fixed.map(({ cluster }) => cluster).join(', '),
      mode: fixed[0].mode,
    });
  }
  return undefined;
}

/** Nothing of it is changed from here: an upgrade shows a person what to do, waits and verifies. */
export function isUpgradedByHand({ type, install }: MeshView): boolean {
  return type === 'external' || !CHANGED_FROM_HERE.includes(install.method);
}
