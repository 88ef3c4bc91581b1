/**
 * A pod that is only ever created with dryRun, to see what injection adds.
 * It asks for nothing, so that quotas and pod security standards let it pass.
 */
export function probePod(options: {
  namespace: string;
  revision: string;
  /** The namespace does not ask for injection, so the pod does. */
  labelled: boolean;
}): object {
  const { namespace, revision, labelled } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'mesh-upgrade-probe-',
      namespace,
      labels: {
        app: 'mesh-upgrade-probe',
        ...(labelled && {
          'sidecar.istio.io/inject': 'true',
          ...(revision !== 'default' && { 'istio.io/rev': revision }),
        }),
      },
    },
    spec: {
      containers: [
        {
          name: 'probe',
          image: 'registry.k8s.io/pause:3.10',
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            runAsNonRoot: true,
            runAsUser: 65534,
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      ],
    },
  };
}
