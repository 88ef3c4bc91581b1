import type { MirroredRegistry } from './MirroredRegistry';
import type { VersionSource } from './types';

/** Lists the tags of one image repository. */
export interface TagReader {
  tags(
    repository: string,
    options?: { signal?: AbortSignal },
  ): Promise<string[]>;
}

/** The tags of an image repository such as `docker.io/istio/pilot`. */
export function registrySource(
  repository: string,
  options: { reader: TagReader; mirrors: MirroredRegistry },
): VersionSource {
  return {
    kind: 'registry',
    name: repository,
    async read({ signal }) {
      const { value, address } = await options.mirrors.ask(repository, each =>
        options.reader.tags(each, { signal }),
      );
      return {
        tags: value,
        ...(address !== repository && { mirror: address }),
      };
    },
  };
}
