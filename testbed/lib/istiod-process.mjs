const PORTS = [
  'https',
  'monitoring',
  'http',
  'grpc',
  'secureGrpc',
  'introspection',
];

/** Ports for one istiod, by what it serves there. */
export async function allocateIstiodPorts(allocatePort) {
  const ports = {};
  for (const name of PORTS) ports[name] = await allocatePort();
  return ports;
}

/**
 * Arguments and additions to the environment for an istiod outside of the cluster. With `host` its certificate fits that
 * name besides those of its Service.
 */
export function istiodCommand({
  kubeconfig,
  ports,
  namespace,
  revision,
  host,
}) {
  return {
    args: [
      'discovery',
      `--kubeconfig=${kubeconfig}`,
      `--httpsAddr=127.0.0.1:${ports.https}`,
      `--monitoringAddr=127.0.0.1:${ports.monitoring}`,
      `--httpAddr=127.0.0.1:${ports.http}`,
      `--grpcAddr=127.0.0.1:${ports.grpc}`,
      `--secureGRPCAddr=127.0.0.1:${ports.secureGrpc}`,
      `--ctrlz_port=${ports.introspection}`,
    ],
    env: {
      ...(host && { ISTIOD_CUSTOM_HOST: host }),
      POD_NAME: `istiod-testbed-${revision}`,
      POD_NAMESPACE: namespace,
      REVISION: revision,
      PILOT_CERT_PROVIDER: 'istiod',
      CLUSTER_ID: 'Kubernetes',
    },
  };
}
