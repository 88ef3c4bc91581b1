import {
  OF_FLUX,
  type CalledMesh,
  type CommittedMesh,
  type RevisionMesh,
} from '../installers/meshes';

/** Clusters of the testbed, each a mesh of its name. */
export const FLUX_CLUSTER = 'reconciled';
export const SAIL_CLUSTER = 'operated';
/** Sail with a revision for every version; each has an istiod of its own. */
export const REVISIONS_CLUSTER = 'revised';

export const BY_OPERATORS: {
  committed: CommittedMesh[];
  called: CalledMesh[];
  revisions: RevisionMesh;
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
  revisions: {
    id: REVISIONS_CLUSTER,
    target: '1.30.3',
    former: 'default-v1-29-4',
    next: 'default-v1-30-3',
    tagged: 'shop',
    byName: 'shop-chat',
  },
};
