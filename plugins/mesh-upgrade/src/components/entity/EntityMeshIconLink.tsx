import { IconLinkVertical } from '@backstage/core-components';
import { useEntityMeshIconLink } from './useEntityMeshIconLink';

/** The same link as in the About card, for any other place of an entity page. */
export function EntityMeshIconLink() {
  return <IconLinkVertical {...useEntityMeshIconLink()} />;
}
