import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustExec } from '../../scripts/lib/exec.mjs';
import { Processes } from '../../scripts/lib/Processes.mjs';
import { runTestbed } from '../../scripts/lib/testbed.mjs';
import { buildAll } from '../../testbed/lib/build.mjs';
import { KubeApi } from '../../testbed/lib/kube-api.mjs';
import { CommandError } from '../../scripts/lib/CommandError.mjs';
import { Product } from '../Product';
import type { World, WorldFacts } from '../World';
import { proxyImages } from '../proxyImages';
import { podsOfDeployment } from './podsOfDeployment';
import type { Platform } from './Platform';

const UPGRADED = 'testbed';
const OLD = 'testbed-old';
const VERSION = '1.29.4';

const FACTS: WorldFacts = {
  clusters: [UPGRADED, OLD],
  mesh: {
    id: 'testbed',
    clusters: [UPGRADED],
    version: VERSION,
    target: '1.30.3',
    olderVersion: '1.28.6',
    otherFamilyVersion: '1.30.3-mspider',
  },
  // Kubernetes calls itself 1.30 there.
  tooLow: { meshId: OLD, cluster: OLD, target: '1.30.3' },
  ownComponent: 'component:default/storefront-app-1',
  otherComponent: 'component:default/checkout-app-1',
};

/** What the deploy manifests grant, by the mode of the cluster. */
const MANIFESTS = {
  full: ['read.yaml', 'restart.yaml', 'full.yaml'],
  read: ['read.yaml'],
};

interface TestbedCluster {
  name: string;
  server: string;
  /** File of an administrator's kubeconfig. */
  kubeconfig: string;
}

/**
 * Real API servers, a real injector, real Helm and a real registry; the
 * product has the rights of the deploy manifests and no others.
 */
export class TestbedPlatform implements Platform {
  readonly #processes = new Processes();
  readonly #folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-testbed-'));
  /** Away from a testbed that the developer may have running. */
  readonly #env = { ...process.env, XDG_STATE_HOME: this.#folder };
  #product: Product | undefined;

  static create(): TestbedPlatform {
    return new TestbedPlatform();
  }

  async start(): Promise<World> {
    await this.#testbed('up', '--istio', `helm:${VERSION},istioctl:${VERSION}`);
    const { clusters, registry } = JSON.parse(
      await this.#testbed('status', '--json'),
    ) as { clusters: TestbedCluster[]; registry: string };
    await this.#deploy('storefront', 2);
    await this.#deploy('checkout', 1);
    const modes = { [UPGRADED]: 'full', [OLD]: 'read' } as const;
    const configured = await Promise.all(
      clusters.map(cluster =>
        this.#connect(cluster, modes[cluster.name as keyof typeof modes]),
      ),
    );
    const product = await Product.start(this.#processes, {
      configs: ['app-config.yaml'],
      settings: settingsOf(configured, registry),
    });
    this.#product = product;
    return {
      name: 'testbed',
      facts: FACTS,
      product,
      proxyImages: ({ cluster, namespace, name }) =>
        readProxyImages(
          clusters.find(one => one.name === cluster)!,
          namespace,
          name,
        ),
    };
  }

  async stop(): Promise<void> {
    await this.#processes.stop();
    await runTestbed(['down'], this.#env);
    this.#product?.forget();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #deploy(namespace: string, count: number): Promise<void> {
    await this.#testbed(
      'workloads',
      ...['--cluster', UPGRADED, '--namespace', namespace],
      ...['--count', String(count), '--replicas', '2'],
    );
  }

  /** Grants what the mode needs and answers the cluster's configuration. */
  async #connect(cluster: TestbedCluster, mode: keyof typeof MANIFESTS) {
    const { kubectl } = (await buildAll()) as Record<string, string>;
    const env = { ...this.#env, KUBECONFIG: cluster.kubeconfig };
    for (const file of MANIFESTS[mode]) {
      await mustExec(kubectl, ['apply', '-f', `deploy/${file}`], { env });
    }
    const { output } = await mustExec(
      kubectl,
      ['create', 'token', 'mesh-upgrade', '--namespace', 'mesh-upgrade'],
      { env },
    );
    return {
      name: cluster.name,
      url: cluster.server,
      mode,
      token: output.trim(),
      caData: adminOf(cluster).caData,
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

function settingsOf(clusters: object[], registry: string) {
  return {
    catalog: {
      locations: [
        { type: 'file', target: 'acceptance/platforms/testbed-catalog.yaml' },
      ],
    },
    meshUpgrade: {
      clusters,
      // Its injector says `testbed` like the other's; it is a mesh of its own.
      meshes: [{ id: OLD, clusters: [OLD] }],
      versions: { insecureRegistries: [registry] },
      upgrades: {
        helm: {
          // Jobs run the testbed's own helm; images of other registries count as there.
          image: 'docker.io/alpine/helm:3.19.0',
          chartRepository: `oci://${registry}/charts`,
          plainHttp: true,
          namespace: 'mesh-upgrade',
          serviceAccount: 'mesh-upgrade-helm',
        },
      },
    },
  };
}

async function readProxyImages(
  cluster: TestbedCluster,
  namespace: string,
  deployment: string,
): Promise<string[]> {
  const { caData, token } = adminOf(cluster);
  const api = new KubeApi({
    server: cluster.server,
    ca: Buffer.from(caData, 'base64').toString(),
    token,
  });
  try {
    const { items } = await api.get(`/api/v1/namespaces/${namespace}/pods`);
    return proxyImages(podsOfDeployment(items, deployment));
  } finally {
    api.close();
  }
}

function adminOf({ kubeconfig }: TestbedCluster) {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  return {
    caData: clusters[0].cluster['certificate-authority-data'] as string,
    token: users[0].user.token as string,
  };
}
