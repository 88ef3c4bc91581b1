/** A kubeconfig (as an object; JSON is YAML) with one context per `{name, server, ca, token}`; the first one is current. */
export function kubeconfig(clusters) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: clusters.map(({ name, server, ca }) => ({
      name,
      cluster: {
        server,
        'certificate-authority-data': Buffer.from(ca).toString('base64'),
      },
    })),
    users: clusters.map(({ name, token }) => ({ name, user: { token } })),
    contexts: clusters.map(({ name, namespace }) => ({
      name,
      context: { cluster: name, user: name, ...(namespace && { namespace }) },
    })),
    'current-context': clusters[0]?.name ?? '',
  };
}
