import { toError } from '@backstage/errors';
import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesClient } from '../../clusters/types';
import { pinnedTags, formatPin } from '../../helm/pinnedTags';
import { deployedReleases } from '../../helm/release';
import type { ClusterFacts } from '../facts/ClusterFacts';
import type { EnquiredFact, IstiodFact, WorkloadFact } from '../facts/types';
import { versionOfImage, versionOfTag } from '../rules/image';

/** A question that was refused is asked again after this long: permissions change seldom. */
const ASK_AGAIN_MS = 10 * 60_000;

/** Where istiod tells its version. */
const ISTIOD_PORT = 15014;

type ControlPlane = WorkloadFact & { istiod: IstiodFact };

interface Asked {
  /** Of what the question was asked; another mark is another question. */
  mark: string;
  /** By the monotonic clock; undefined when there is nothing to ask again. */
  againAt?: number;
}

/**
 * Asks what no watched object tells of a control plane: its Helm release,
 * which is a Secret, and its version when the image has only a digest. Each
 * question is asked once per change of the control plane; a failure is kept as
 * the answer for a while, so that a refusal is not asked for again and again.
 */
export class ControlPlaneEnquiries {
  readonly #client: KubernetesClient;
  readonly #facts: ClusterFacts;
  readonly #asked = new Map<string, Asked>();

  static create(options: {
    client: KubernetesClient;
    facts: ClusterFacts;
  }): ControlPlaneEnquiries {
    return new ControlPlaneEnquiries(options);
  }

  private constructor(options: {
    client: KubernetesClient;
    facts: ClusterFacts;
  }) {
    this.#client = options.client;
    this.#facts = options.facts;
  }

  /** Asks whatever is open; resolves when all is answered and never rejects. */
  async askOpen(signal: AbortSignal): Promise<void> {
    const controlPlanes = [...this.#facts.controlPlanes()];
    this.#forgetVanished(new Set(controlPlanes.map(keyOf)));
    await Promise.all(
      controlPlanes.flatMap(controlPlane => [
        this.#askForRelease(controlPlane, signal),
        this.#askForVersion(controlPlane, signal),
      ]),
    );
  }

  async #askForRelease(
    controlPlane: ControlPlane,
    signal: AbortSignal,
  ): Promise<void> {
    const { release, releaseMark } = controlPlane.istiod;
    const question = `release ${keyOf(controlPlane)}`;
    const mark = release
      ? `${release.namespace}/${release.name} ${releaseMark}`
      : '';
    if (!this.#isOpen(question, mark)) {
      return;
    }
    if (!release) {
      this.#asked.set(question, { mark });
      this.#store(controlPlane, {
        release: undefined,
        releaseProblem: undefined,
      });
      return;
    }
    const found = await this.#ask(question, mark, signal, async () => {
      const [deployed] = await deployedReleases(this.#client, {
        ...release,
        signal,
      });
      if (!deployed) {
        throw new Error(
          `No deployed Helm release ${release.namespace}/${release.name} was found`,
        );
      }
      return deployed;
    });
    this.#store(controlPlane, {
      release: found.answer && {
        namespace: found.answer.namespace,
        name: found.answer.name,
        revision: found.answer.revision,
        chart: found.answer.chart.name,
        chartVersion: found.answer.chart.version,
        pinned: pinnedTags(found.answer.values).map(formatPin),
      },
      releaseProblem: found.problem,
    });
  }

  async #askForVersion(
    controlPlane: ControlPlane,
    signal: AbortSignal,
  ): Promise<void> {
    const { image } = controlPlane.istiod;
    const pod = this.#facts
      .livePodsOf(controlPlane)
      .find(({ ready, istiodImage }) => ready && istiodImage === image);
    const question = `version ${keyOf(controlPlane)}`;
    if (
      versionOfImage(image) !== undefined ||
      !pod ||
      !this.#isOpen(question, image)
    ) {
      return;
    }
    const found = await this.#ask(question, image, signal, async () => {
      const text = await this.#client.podProxy(
        { namespace: pod.namespace, name: pod.name, port: ISTIOD_PORT },
        'version',
        { signal },
      );
      const version = versionTold(text);
      if (version === undefined) {
        throw new Error(`istiod answered no version: ${text.slice(0, 80)}`);
      }
      return version;
    });
    this.#store(controlPlane, {
      istiod: { image, version: found.answer, problem: found.problem },
    });
  }

  #isOpen(question: string, mark: string): boolean {
    const asked = this.#asked.get(question);
    return (
      asked?.mark !== mark ||
      (asked.againAt !== undefined && performance.now() >= asked.againAt)
    );
  }

  async #ask<T>(
    question: string,
    mark: string,
    signal: AbortSignal,
    answer: () => Promise<T>,
  ): Promise<{ answer?: T; problem?: string }> {
    const asked: Asked = { mark };
    this.#asked.set(question, asked);
    try {
      return { answer: await answer() };
    } catch (error) {
      // An abort is no answer.
      asked.againAt = signal.aborted ? 0 : performance.now() + ASK_AGAIN_MS;
      return { problem: problemOf(toError(error)) };
    }
  }

  #store(controlPlane: ControlPlane, found: EnquiredFact): void {
    const key = keyOf(controlPlane);
    this.#facts.enquired.set(key, {
      ...this.#facts.enquired.get(key),
      ...found,
    });
    this.#facts.markControlPlanes();
  }

  #forgetVanished(present: ReadonlySet<string>): void {
    for (const key of this.#facts.enquired.keys()) {
      if (!present.has(key)) {
        this.#facts.enquired.delete(key);
        this.#asked.delete(`release ${key}`);
        this.#asked.delete(`version ${key}`);
      }
    }
  }
}

/** A right that is granted apart from the others is named with what it is for. */
function problemOf(error: Error): string {
  return error instanceof KubernetesError && error.status === 403
    ? `${error.message}; it is shown when the identity of the cluster may ${error.action}`
    : error.message;
}

function keyOf({ namespace, name }: WorkloadFact): string {
  return `${namespace}/${name}`;
}

/** istiod answers with version, commit and state of its source, e.g. `1.30.3-0a1b2c-Clean`. */
function versionTold(text: string): string | undefined {
  const build = /^(?<version>.+)-[0-9a-f]{6,40}-(?:Clean|Modified)$/.exec(
    text.trim(),
  );
  return versionOfTag(build?.groups?.version ?? text.trim());
}
