/** What of an istiod's ports a port of its Service leads to, by the Service's targetPort. */
const TARGETS = {
  15010: 'grpc',
  15012: 'secureGrpc',
  15014: 'monitoring',
  15017: 'https',
};

/**
 * The istiod Deployments that should run: those that want a pod. Each is `{uid, name, namespace, revision}`; a Deployment that
 * was deleted and created again is another one.
 */
export function wantedIstiods(deployments) {
  return deployments
    .filter(
      ({ metadata, spec }) =>
        spec.replicas !== 0 && metadata.deletionTimestamp === undefined,
    )
    .map(({ metadata: { uid, name, namespace, labels } }) => ({
      uid,
      name,
      namespace,
      revision: labels['istio.io/rev'] ?? 'default',
    }));
}

/** The port of this machine behind an address in the cluster: that of the istiod which the Service selects. */
export function portBehind({ host, port }, services, istiods) {
  const service = services.find(({ spec }) => spec.clusterIP === host);
  const target = service?.spec.ports.find(one => one.port === port);
  const istiod = istiods.find(
    ({ namespace, revision }) =>
      namespace === service?.metadata.namespace &&
      revision === (service.metadata.labels?.['istio.io/rev'] ?? 'default'),
  );
  return istiod?.ports[TARGETS[target?.targetPort ?? target?.port]];
}
