import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  meshEntityFilter,
  sidecarEntityFilter,
} from '../components/entity/entityFilters';

export const entityMeshCard = EntityCardBlueprint.make({
  name: 'mesh',
  params: {
    filter: meshEntityFilter,
    type: 'content',
    loader: () =>
      import('../components/entity').then(m => <m.EntityMeshCard />),
  },
});

export const entitySidecarsCard = EntityCardBlueprint.make({
  name: 'sidecars',
  params: {
    filter: sidecarEntityFilter,
    type: 'info',
    loader: () =>
      import('../components/entity').then(m => <m.EntitySidecarsCard />),
  },
});
