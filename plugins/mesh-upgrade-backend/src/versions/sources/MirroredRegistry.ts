import { toError } from '@backstage/errors';
import {
  normalPrefix,
  parseImageRepository,
} from '../registry/ImageRepository';
import { RegistryError } from '../registry/RegistryError';

/** Another address under which the images of a repository are served. */
export interface RegistryMirror {
  /** A repository or the part before it, e.g. `docker.io/istio` or `docker.io`. */
  repository: string;
  /** Takes its place, e.g. `mirror.example.com/istio`. */
  address: string;
}

/** Asks the mirrors of a repository in their order, then the repository itself. */
export class MirroredRegistry {
  readonly #mirrors: readonly RegistryMirror[];

  static create(mirrors: readonly RegistryMirror[]): MirroredRegistry {
    return new MirroredRegistry(mirrors);
  }

  private constructor(mirrors: readonly RegistryMirror[]) {
    this.#mirrors = mirrors;
  }

  /**
   * The first good answer, with the address that gave it.
   *
   * @throws RegistryError with the words of every address when none answers.
   */
  async ask<T>(
    repository: string,
    question: (address: string) => Promise<T>,
  ): Promise<{ value: T; address: string }> {
    const failures: unknown[] = [];
    for (const address of [...this.#addresses(repository), repository]) {
      try {
        return { value: await question(address), address };
      } catch (error) {
        failures.push(error);
      }
    }
    throw failures.length === 1 ? failures[0] : joined(repository, failures);
  }

  #addresses(repository: string): string[] {
    const { registry, name: path } = parseImageRepository(repository);
    const name = `${registry}/${path}`;
    return this.#mirrors.flatMap(mirror => {
      const prefix = normalPrefix(mirror.repository);
      return name === prefix || name.startsWith(`${prefix}/`)
        ? [mirror.address + name.slice(prefix.length)]
        : [];
    });
  }
}

function joined(repository: string, failures: unknown[]): RegistryError {
  const waits = failures.flatMap(failure =>
    failure instanceof RegistryError ? failure.retryAfterMs ?? [] : [],
  );
  return new RegistryError({
    repository,
    action: 'ask its mirrors and itself',
    words: failures.map(failure => toError(failure).message).join(' · '),
    // As long as one of them may be asked, they are.
    retryAfterMs:
      waits.length === failures.length ? Math.min(...waits) : undefined,
  });
}
