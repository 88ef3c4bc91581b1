/**
 * A Gateway of Istio that is only ever created with dryRun, to see who validates
 * it. Its revision brings it to the validator of that revision as well.
 */
export function probeGateway(options: {
  namespace: string;
  revision: string;
  faulty: boolean;
}): object {
  const { namespace, revision, faulty } = options;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: {
      name: `mesh-upgrade-probe-${faulty ? 'faulty' : 'sound'}`,
      namespace,
      labels: { 'istio.io/rev': revision },
    },
    spec: {
      selector: { istio: 'mesh-upgrade-probe' },
      servers: [
        {
          port: { number: 80, name: 'http', protocol: 'HTTP' },
          // Any string by its schema: only istiod knows that it is no host.
          hosts: [faulty ? 'no host' : 'probe.mesh-upgrade.invalid'],
        },
      ],
    },
  };
}
