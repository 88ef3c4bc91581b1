import { EntityIconLinkBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  meshEntityFilter,
  sidecarEntityFilter,
} from '../components/entity/entityFilters';
import { useEntityMeshIconLink } from '../components/entity/useEntityMeshIconLink';

export const entityMeshIconLink = EntityIconLinkBlueprint.make({
  name: 'mesh',
  params: {
    filter: { $any: [sidecarEntityFilter, meshEntityFilter] },
    useProps: useEntityMeshIconLink,
  },
});
