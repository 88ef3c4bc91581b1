import type {
  ClusterRegistry,
  KubernetesClient,
  ListPage,
} from '../../clusters/types';
import { mapClients, withMethods } from './withMethods';

/** Below half of the time that one look at a step has. */
const FIRST_TRY_MS = 2_500;

/**
 * The same clusters, of which a question is asked a second time when its
 * answer does not come soon: one lost answer must not cost a look at a step
 * that asks half a dozen things. Writes are made once, as before.
 */
export function withSecondTry(
  clusters: ClusterRegistry,
  firstTryMs = FIRST_TRY_MS,
): ClusterRegistry {
  return mapClients(clusters, client => {
    const ask = <T>(
      question: (signal: AbortSignal) => Promise<T>,
      signal: AbortSignal | undefined,
    ) => askTwice(question, signal, firstTryMs);
    const methods: Partial<KubernetesClient> = {
      get: (ref, options) =>
        ask(signal => client.get(ref, { signal }), options?.signal),
      list: (resource, options) =>
        pagesOf(
          ask(async signal => {
            const pages: ListPage<never>[] = [];
            for await (const page of client.list<never>(resource, {
              ...options,
              signal,
            })) {
              pages.push(page);
            }
            return pages;
          }, options?.signal),
        ),
      create: (resource, body, options) =>
        options?.dryRun
          ? ask(
              signal => client.create(resource, body, { ...options, signal }),
              options.signal,
            )
          : client.create(resource, body, options),
      podLog: (pod, options) =>
        ask(
          signal => client.podLog(pod, { ...options, signal }),
          options?.signal,
        ),
      podProxy: (pod, path, options) =>
        ask(signal => client.podProxy(pod, path, { signal }), options?.signal),
    };
    return withMethods(client, methods);
  });
}

async function askTwice<T>(
  question: (signal: AbortSignal) => Promise<T>,
  whole: AbortSignal | undefined,
  firstTryMs: number,
): Promise<T> {
  const first = AbortSignal.timeout(firstTryMs);
  try {
    return await question(whole ? AbortSignal.any([whole, first]) : first);
  } catch (error) {
    if (!first.aborted || whole?.aborted) {
      throw error;
    }
  }
  return question(whole ?? AbortSignal.timeout(firstTryMs));
}

async function* pagesOf<T>(pages: Promise<T[]>): AsyncIterable<T> {
  yield* await pages;
}
