import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  meshEntityFilter,
  sidecarEntityFilter,
} from '../components/entity/entityFilters';

export const entityMeshContent = EntityContentBlueprint.make({
  name: 'mesh',
  params: {
    path: '/mesh',
    title: 'Mesh',
    group: 'operation',
    filter: meshEntityFilter,
    loader: () =>
      import('../components/entity').then(m => <m.EntityMeshContent />),
  },
});

export const entitySidecarsContent = EntityContentBlueprint.make({
  name: 'sidecars',
  params: {
    path: '/sidecars',
    title: 'Sidecars',
    group: 'operation',
    filter: sidecarEntityFilter,
    loader: () =>
      import('../components/entity').then(m => <m.EntitySidecarsContent />),
  },
});
