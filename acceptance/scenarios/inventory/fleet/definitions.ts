/** Kinds that no Kubernetes brings along, as their makers define them. */
const KINDS = [
  { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout' },
  { group: 'apps.openshift.io', version: 'v1', kind: 'DeploymentConfig' },
  { group: 'apps.kruise.io', version: 'v1alpha1', kind: 'CloneSet' },
  { group: 'games.example.com', version: 'v1', kind: 'Arena' },
];

/** `meshUpgrade.customWorkloads`: a kind that only the configuration names, with a template at a place of its own. */
export const CUSTOM_WORKLOADS = [
  {
    group: 'games.example.com',
    version: 'v1',
    resource: 'arenas',
    kind: 'Arena',
    podTemplatePath: 'spec.server.pod',
    replicasPath: 'spec.server.count',
  },
];

/** CustomResourceDefinitions without a schema: what the objects say is up to them. */
export function definitions(): object[] {
  return KINDS.map(({ group, version, kind }) => {
    const singular = kind.toLowerCase();
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${singular}s.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: {
          kind,
          singular,
          plural: `${singular}s`,
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
  });
}

/** The right to read the configured kind; the product's manifests know only the usual ones. */
export function rightsOnCustomKind(): object[] {
  const metadata = { name: 'mesh-upgrade-read-arenas' };
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata,
      rules: [
        {
          apiGroups: ['games.example.com'],
          resources: ['arenas'],
          verbs: ['get', 'list', 'watch'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: metadata.name,
      },
      subjects: [
        {
          kind: 'ServiceAccount',
          name: 'mesh-upgrade',
          namespace: 'mesh-upgrade',
        },
      ],
    },
  ];
}
