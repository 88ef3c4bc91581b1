import {
  OF_FLUX,
  type CalledMesh,
  type CommittedMesh,
} from '../installers/meshes';

/** Clusters of the testbed, each a mesh of its name. */
export const FLUX_CLUSTER = 'reconciled';
export const SAIL_CLUSTER = 'operated';

export const BY_OPERATORS: {
  committed: CommittedMesh[];
  called: CalledMesh[];
} = {
  committed: [{ id: FLUX_CLUSTER, namespace: 'default', ...OF_FLUX }],
  called: [
    {
      id: SAIL_CLUSTER,
      driver: 'sail',
      clusters: [SAIL_CLUSTER],
      target: '1.30.3',
      namespace: 'default',
    },
  ],
};
