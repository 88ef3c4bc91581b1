import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CONFIG_MAPS,
  DAEMON_SETS,
  DEPLOYMENTS,
  MUTATING_WEBHOOKS,
  SERVICES,
  VALIDATING_WEBHOOKS,
  type Resource,
} from '../../kubernetes/resources';
import type { OperatorCluster } from '../Operator';
import type { ChartRelease, Charts, ChartSource } from './Charts';
import { withMarks } from './marks';

const run = promisify(execFile);

const RELEASE_NAME = 'meta.helm.sh/release-name';
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
].join(',');

/** What a release installs that shows who installed it. */
const MARKED = [
  DEPLOYMENTS,
  DAEMON_SETS,
  CONFIG_MAPS,
  SERVICES,
  MUTATING_WEBHOOKS,
  VALIDATING_WEBHOOKS,
] as Resource[];

/** The real helm, on charts of a registry that speaks plain HTTP. */
export class HelmCharts implements Charts {
  readonly #cluster: OperatorCluster;
  readonly #program: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #repository: string;

  /**
   * @param options - `env` names the kubeconfig and helm's own folders;
   *   `repository` holds what operators bring along, e.g. `oci://registry/charts`
   */
  constructor(
    cluster: OperatorCluster,
    options: { program: string; env: NodeJS.ProcessEnv; repository: string },
  ) {
    this.#cluster = cluster;
    this.#program = options.program;
    this.#env = options.env;
    this.#repository = options.repository;
  }

  async digest({ url, version }: ChartSource): Promise<string | undefined> {
    const [, host, path] = /^oci:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
    const response = await fetch(
      `http://${host}/v2/${path}/manifests/${version}`,
      { method: 'HEAD', headers: { accept: MANIFESTS } },
    );
    return response.ok
      ? response.headers.get('docker-content-digest') ?? undefined
      : undefined;
  }

  async upgrade(release: ChartRelease): Promise<void> {
    const { name, namespace, chart, version, values } = release;
    const child = this.#helm(
      ...['upgrade', '--install', name],
      release.url ?? `${this.#repository}/${chart}`,
      ...['--version', version, '--plain-http'],
      ...['--namespace', namespace, '--create-namespace', '--values', '-'],
    );
    child.child.stdin?.end(JSON.stringify(values));
    await child.catch(error => {
      throw new Error(wordsOf(error));
    });
    await this.#mark(release);
  }

  async uninstall({ name, namespace }: { name: string; namespace: string }) {
    await this.#helm(
      ...['uninstall', name, '--namespace', namespace, '--ignore-not-found'],
    );
  }

  #helm(...args: string[]) {
    return run(this.#program, args, { env: this.#env });
  }

  /** Helm itself leaves only its own marks. */
  async #mark(release: ChartRelease) {
    for (const resource of MARKED) {
      const objects = (await this.#cluster.list(resource)).filter(
        ({ metadata }) => metadata.annotations?.[RELEASE_NAME] === release.name,
      );
      for (const object of objects) {
        await this.#cluster.update(resource, object, each =>
          withMarks(resource, each, release),
        );
      }
    }
  }
}

/** The last line that helm printed about what went wrong. */
function wordsOf(error: Error & { stderr?: string }): string {
  const lines = (error.stderr ?? '').trim().split('\n');
  return (lines.at(-1) || error.message).replace(/^Error: /, '');
}
