import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { sidecarEntityFilter } from '../components/entity/entityFilters';

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
