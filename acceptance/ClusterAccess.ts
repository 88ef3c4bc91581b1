/** A cluster as its administrator sees it, past the product. */
export interface ClusterAccess {
  name: string;
  /** @throws Error with the HTTP `status` for any answer but 2xx; so do the others. */
  get<T>(path: string): Promise<T>;
  /** An answer that is no JSON. */
  text(path: string): Promise<string>;
  post<T>(path: string, body: object): Promise<T>;
  /** A merge patch. */
  patch<T>(path: string, body: object): Promise<T>;
  delete(path: string): Promise<void>;
  /** The programs of an administrator; only where the cluster is a real one. */
  tools?: ClusterTools;
}

/** Each runs one program to its end and answers what it printed. */
export interface ClusterTools {
  kubectl(...args: string[]): Promise<string>;
  istioctl(...args: string[]): Promise<string>;
  helm(...args: string[]): Promise<string>;
}

/** Whether a request failed because there is no such object or resource. */
export function isNotFound(error: unknown): boolean {
  return (error as { status?: number }).status === 404;
}
