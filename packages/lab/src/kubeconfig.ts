import { stringify } from 'yaml';
import { adminToken } from './api/auth';

/** A kubeconfig with a context for each cluster, all with full rights. */
export function kubeconfig(url: string, clusters: string[]): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': clusters[0],
    clusters: clusters.map(name => ({
      name,
      cluster: {
        server: `${url}/clusters/${name}`,
        // The Kubernetes client for Node speaks plain HTTP only to servers marked like this.
        'insecure-skip-tls-verify': true,
      },
    })),
    users: clusters.map(name => ({
      name,
      user: { token: adminToken(name) },
    })),
    contexts: clusters.map(name => ({
      name,
      context: { cluster: name, user: name },
    })),
  });
}
