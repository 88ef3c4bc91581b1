import { customResource } from '../../customResource';

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

/** Their CustomResourceDefinitions. */
export function definitions(): object[] {
  return KINDS.map(each =>
    customResource({ ...each, plural: `${each.kind.toLowerCase()}s` }),
  );
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
