/** On a Resource of type `service-mesh`: the id of the mesh it stands for. @public */
export const MESH_ANNOTATION = 'mesh-upgrade.io/mesh';

/**
 * On any entity: the workloads it owns, as a comma list of
 * `cluster/namespace/kind/name`; each part may be `*`. Overrides the
 * `backstage.io/kubernetes-*` annotations.
 * @public
 */
export const WORKLOADS_ANNOTATION = 'mesh-upgrade.io/workloads';

/** Value of `spec.type` of a mesh's Resource entity. @public */
export const SERVICE_MESH_RESOURCE_TYPE = 'service-mesh';

/** The Kubernetes plugin's annotations that select an entity's workloads. @public */
export const KUBERNETES_ID_ANNOTATION = 'backstage.io/kubernetes-id';
export const KUBERNETES_NAMESPACE_ANNOTATION =
  'backstage.io/kubernetes-namespace';
export const KUBERNETES_LABEL_SELECTOR_ANNOTATION =
  'backstage.io/kubernetes-label-selector';
export const KUBERNETES_CLUSTER_ANNOTATION = 'backstage.io/kubernetes-cluster';
