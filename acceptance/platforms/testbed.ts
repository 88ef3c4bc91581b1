import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../scripts/lib/CommandError.mjs';
import type { Json } from '../../packages/lab/src/api/patch/mergePatch';
import { FolderGit } from '../../packages/lab/src/operators/git/FolderGit';
import { Processes } from '../../scripts/lib/Processes.mjs';
import { runTestbed } from '../../scripts/lib/testbed.mjs';
import { buildAll } from '../../testbed/lib/build.mjs';
import { Product } from '../Product';
import type { Fleet } from '../Scenario';
import type { UpgradeWorld, World } from '../World';
import { proxyImages, type Pod } from '../proxyImages';
import { emptyCatalog } from './emptyCatalog';
import type { Platform } from './Platform';
import { podsOfDeployment } from './podsOfDeployment';
import { TestbedCluster, type TestbedClusterStatus } from './TestbedCluster';
import {
  testbedFleets,
  UPGRADE_FACTS,
  type TestbedFleet,
} from './testbedFleets';

/** The part of `testbed status --json` that is asked for. */
interface TestbedStatus {
  clusters: TestbedClusterStatus[];
  registry: string;
}

/** What the deploy manifests grant, by the mode of the cluster. */
const MANIFESTS = {
  full: ['read.yaml', 'restart.yaml', 'full.yaml'],
  read: ['read.yaml'],
};

/**
 * Real API servers, a real injector, real Helm and a real registry; the
 * product has the rights of the deploy manifests and no others.
 */
export class TestbedPlatform implements Platform {
  readonly #processes = new Processes();
  readonly #folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-testbed-'));
  /** Away from a testbed that the developer may have running. */
  readonly #env = { ...process.env, XDG_STATE_HOME: this.#folder };
  #clusters: TestbedCluster[] = [];
  #product: Product | undefined;

  static create(): TestbedPlatform {
    return new TestbedPlatform();
  }

  async start(name: Fleet): Promise<World> {
    const fleet = testbedFleets[name];
    await this.#testbed('up', ...fleet.up);
    const status: TestbedStatus = JSON.parse(
      await this.#testbed('status', '--json'),
    );
    for (const command of fleet.then) {
      await this.#testbed(...command);
    }
    const programs = (await buildAll()) as Record<
      'kubectl' | 'istioctl' | 'helm',
      string
    >;
    this.#clusters = status.clusters.map(cluster =>
      TestbedCluster.create(cluster, programs, this.#env),
    );
    this.#startOperators(fleet, status, programs.helm);
    await fleet.prepare?.(this.#clusters, status.registry, this.#gitOf);
    const catalogFile = emptyCatalog(this.#folder);
    const product = await Product.start(this.#processes, {
      configs: ['app-config.yaml'],
      settings: await this.#settings(fleet, status, catalogFile),
    });
    this.#product = product;
    const world: Omit<UpgradeWorld, 'facts'> = {
      name: 'testbed',
      product,
      clusters: this.#clusters,
      catalogFile,
      ...(fleet.operators && {
        elsewhere: {
          commit: async (cluster, object, patch) =>
            this.#gitOf(cluster).change(object, patch as Json),
        },
      }),
      cut: async cluster => {
        await this.#testbed('kill', `${cluster}-kube-apiserver`);
      },
      mend: async cluster => {
        await this.#testbed('revive', `${cluster}-kube-apiserver`);
      },
      proxyImages: async ({ cluster, namespace, name: deployment }) => {
        const { items } = await this.#clusters
          .find(one => one.name === cluster)!
          .get<{ items: Pod[] }>(`/api/v1/namespaces/${namespace}/pods`);
        return proxyImages(podsOfDeployment(items, deployment));
      },
    };
    if (name !== 'upgrade') {
      return world;
    }
    const upgradeWorld: UpgradeWorld = { ...world, facts: UPGRADE_FACTS };
    return upgradeWorld;
  }

  async stop(): Promise<void> {
    await this.#processes.stop();
    this.#clusters.forEach(cluster => cluster.close());
    await runTestbed(['down'], this.#env);
    this.#product?.forget();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What GitOps tools keep a cluster like. */
  readonly #gitOf = (cluster: string): FolderGit =>
    new FolderGit(join(this.#folder, 'git', cluster));

  #startOperators(
    { operators = [] }: TestbedFleet,
    { clusters, registry }: TestbedStatus,
    helm: string,
  ) {
    clusters
      .filter(({ name }) => operators.includes(name))
      .forEach(({ name, kubeconfig }) =>
        this.#processes.start({
          name: `operators of ${name}`,
          entry: 'acceptance/operators/main.ts',
          args: [
            ...['--kubeconfig', kubeconfig, '--helm', helm],
            ...['--registry', registry],
            ...['--git', join(this.#folder, 'git', name)],
          ],
          env: this.#env,
          log: join(this.#folder, `operators-${name}.log`),
        }),
      );
  }

  async #settings(
    fleet: TestbedFleet,
    { registry, clusters }: TestbedStatus,
    catalogFile: string,
  ) {
    return {
      catalog: {
        locations: [
          'acceptance/platforms/testbed-catalog.yaml',
          catalogFile,
        ].map(target => ({ type: 'file', target })),
      },
      meshUpgrade: {
        clusters: await Promise.all(
          this.#clusters.map(cluster =>
            connect(cluster, fleet.modes[cluster.name] ?? 'read'),
          ),
        ),
        versions: { insecureRegistries: [registry] },
        ...fleet.settings?.(registry, clusters),
      },
    };
  }

  async #testbed(...args: string[]): Promise<string> {
    const { code, output } = await runTestbed(args, this.#env);
    if (code !== 0) {
      throw new CommandError(
        `testbed ${args.join(' ')} ended with ${code}:\n${output}`,
        { exitCode: code },
      );
    }
    return output;
  }
}

/** Grants what the mode needs and answers the cluster's configuration. */
async function connect(
  { name, server, caData, tools }: TestbedCluster,
  mode: keyof typeof MANIFESTS,
) {
  for (const file of MANIFESTS[mode]) {
    await tools.kubectl('apply', '-f', `deploy/${file}`);
  }
  const token = await tools.kubectl(
    ...['create', 'token', 'mesh-upgrade', '--namespace', 'mesh-upgrade'],
  );
  return { name, url: server, mode, token: token.trim(), caData };
}
