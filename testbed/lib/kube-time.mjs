/** A time as Kubernetes writes it: RFC 3339 in whole seconds. */
export function kubeTime(date = new Date()) {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
