import type { FilterPredicate } from '@backstage/filter-predicates';
import {
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
  MESH_ANNOTATION,
  SERVICE_MESH_RESOURCE_TYPE,
  WORKLOADS_ANNOTATION,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

const EXISTS = { $exists: true } as const;

/** Components with an annotation that selects workloads. @public */
export const sidecarEntityFilter: FilterPredicate = {
  $all: [
    { kind: 'component' },
    {
      $any: [
        { [`metadata.annotations.${WORKLOADS_ANNOTATION}` as const]: EXISTS },
        {
          [`metadata.annotations.${KUBERNETES_ID_ANNOTATION}` as const]: EXISTS,
        },
        {
          [`metadata.annotations.${KUBERNETES_LABEL_SELECTOR_ANNOTATION}` as const]:
            EXISTS,
        },
      ],
    },
  ],
};

/** Resources that stand for a mesh. @public */
export const meshEntityFilter: FilterPredicate = {
  $all: [
    { kind: 'resource' },
    { 'spec.type': SERVICE_MESH_RESOURCE_TYPE },
    { [`metadata.annotations.${MESH_ANNOTATION}` as const]: EXISTS },
  ],
};
