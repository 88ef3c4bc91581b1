/** The namespace every control plane of the lab lives in. */
export const ISTIO_NAMESPACE = 'istio-system';

function suffix(revision: string): string {
  return revision === 'default' ? '' : `-${revision}`;
}

export function istiodName(revision: string): string {
  return `istiod${suffix(revision)}`;
}

export function injectorConfigMapName(revision: string): string {
  return `istio-sidecar-injector${suffix(revision)}`;
}

export function meshConfigMapName(revision: string): string {
  return `istio${suffix(revision)}`;
}

export function injectorWebhookName(revision: string): string {
  return `istio-sidecar-injector${suffix(revision)}`;
}
