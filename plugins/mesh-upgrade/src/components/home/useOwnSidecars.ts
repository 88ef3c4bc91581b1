import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { filterPredicateToFilterFunction } from '@backstage/filter-predicates';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import type { WorkloadPage } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLive } from '../../hooks';
import { sidecarEntityFilter } from '../entity/entityFilters';

const hasWorkloads = filterPredicateToFilterFunction(sidecarEntityFilter);

/** A component of the reader and its workloads that are behind. */
export interface OwnSidecars {
  entityRef: string;
  behind: WorkloadPage;
}

/** Of each component with workloads that the reader or a group of the reader owns. */
export function useOwnSidecars() {
  const api = useApi(meshUpgradeApiRef);
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  return useLive(
    'own sidecars',
    async (): Promise<OwnSidecars[]> => {
      const { ownershipEntityRefs } = await identity.getBackstageIdentity();
      const { items } = await catalog.getEntities({
        filter: {
          kind: 'component',
          'relations.ownedBy': ownershipEntityRefs,
        },
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.annotations',
        ],
      });
      return Promise.all(
        items
          .filter((entity: Entity) => hasWorkloads(entity))
          .map(async entity => {
            const owner = stringifyEntityRef(entity);
            return {
              entityRef: owner,
              behind: await api.listWorkloads({
                owner,
                outdated: true,
                limit: 1,
              }),
            };
          }),
      );
    },
    60_000,
    ['inventory'],
  );
}
