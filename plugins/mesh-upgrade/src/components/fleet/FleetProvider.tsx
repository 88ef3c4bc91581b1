import { createContext, useContext, type ReactNode } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  ClusterView,
  MeshView,
  RunSummary,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { MESH_CHANGES, useLive, type Live } from '../../hooks';

/** What more than one screen of the page shows: asked for once. */
export interface Fleet {
  meshes: Live<MeshView[]>;
  clusters: Live<ClusterView[]>;
  activeRuns: Live<RunSummary[]>;
}

const FleetContext = createContext<Fleet | undefined>(undefined);

/** Keeps meshes, clusters and running upgrades up to date for everything below. */
export function FleetProvider(props: { children: ReactNode }) {
  const api = useApi(meshUpgradeApiRef);
  const meshes = useLive('meshes', () => api.listMeshes(), 5_000, MESH_CHANGES);
  const clusters = useLive('clusters', () => api.listClusters(), 10_000, [
    'clusters',
  ]);
  const activeRuns = useLive(
    'active runs',
    async () => (await api.listRuns({ active: true })).items,
    5_000,
    ['runs'],
  );
  return (
    <FleetContext.Provider value={{ meshes, clusters, activeRuns }}>
      {props.children}
    </FleetContext.Provider>
  );
}

/** @throws Error outside of a {@link FleetProvider}. */
export function useFleet(): Fleet {
  const fleet = useContext(FleetContext);
  if (!fleet) {
    throw new Error('useFleet was called outside of FleetProvider');
  }
  return fleet;
}
