/** A kind that no Kubernetes brings along. */
export interface CustomKind {
  group: string;
  version: string;
  kind: string;
  plural: string;
}

/** A CustomResourceDefinition without a schema: what the objects say is up to them. */
export function customResource({
  group,
  version,
  kind,
  plural,
}: CustomKind): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
          },
        },
      ],
    },
  };
}
