import type { KubernetesError } from './KubernetesError';

/** Turns the answer 404 into undefined. */
export async function orUndefined<T>(
  request: Promise<T>,
): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if ((error as KubernetesError).status === 404) {
      return undefined;
    }
    throw error;
  }
}
