import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Who did something: a link to the catalog, or the plain name when it is not an entity. */
export function Person(props: { entityRef: string }) {
  return isEntityRef(props.entityRef) ? (
    <EntityRefLink entityRef={props.entityRef} />
  ) : (
    <>{props.entityRef}</>
  );
}

function isEntityRef(text: string): boolean {
  try {
    parseEntityRef(text);
    return true;
  } catch {
    return false;
  }
}
