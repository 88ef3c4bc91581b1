import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { Processes } from '../../scripts/lib/Processes.mjs';
import { startLab } from '../../scripts/lib/services.mjs';
import { Product } from '../Product';
import type { UpgradeFacts, UpgradeWorld } from '../World';
import { proxyImages, type Pod } from '../proxyImages';
import { emptyCatalog } from './emptyCatalog';
import { LabCluster } from './LabCluster';
import { labElsewhere } from './labElsewhere';
import { labFaults } from './labFaults';
import { podsOfDeployment } from './podsOfDeployment';
import type { Platform } from './Platform';

/** What the lab's seed 1 contains. */
const FACTS: UpgradeFacts = {
  clusters: [
    ...['prod-eu', 'prod-us', 'payments', 'edge', 'staging'],
    ...['logistics', 'analytics', 'support', 'partners'],
  ],
  mesh: {
    id: 'shop',
    clusters: ['prod-eu', 'prod-us'],
    version: '1.29.4',
    target: '1.30.3',
    olderVersion: '1.28.6',
    otherFamilyVersion: '1.30.3-mspider',
  },
  tooLow: { meshId: 'edge', cluster: 'edge', target: '1.30.3-mspider' },
  ownComponent: 'component:default/web-frontend',
  otherComponent: 'component:default/cart',
};

/** The simulated fleet: all of the product, none of Kubernetes. */
export class LabPlatform implements Platform {
  readonly #processes = new Processes();
  readonly #folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-lab-'));
  readonly #settings: object;
  #product: Product | undefined;

  /** @param options - `settings` are laid over the demo's configuration */
  static create(options: { settings?: object } = {}): LabPlatform {
    return new LabPlatform(options.settings ?? {});
  }

  private constructor(settings: object) {
    this.#settings = settings;
  }

  /** The same fleet for every scenario. */
  async start(): Promise<UpgradeWorld> {
    const { url } = await startLab(this.#processes, {
      port: await freePort(),
      env: process.env,
      log: join(this.#folder, 'lab.log'),
    });
    const catalogFile = emptyCatalog(this.#folder);
    const product = await Product.start(this.#processes, {
      configs: ['app-config.yaml', 'app-config.lab.yaml'],
      settings: { ...settingsWith(catalogFile), ...this.#settings },
      labUrl: url,
    });
    this.#product = product;
    const faults = labFaults(url);
    const clusters = FACTS.clusters.map(name => LabCluster.create(url, name));
    return {
      name: 'lab',
      facts: FACTS,
      product,
      catalogFile,
      clusters,
      faults,
      elsewhere: labElsewhere(url),
      cut: cluster => faults.set(cluster, { unreachable: true }),
      mend: cluster => faults.set(cluster, {}),
      async proxyImages({ cluster, namespace, name }) {
        const { items } = await clusters
          .find(one => one.name === cluster)!
          .get<{ items: Pod[] }>(`/api/v1/namespaces/${namespace}/pods`);
        return proxyImages(podsOfDeployment(items, name));
      },
    };
  }

  async stop(): Promise<void> {
    await this.#processes.stop();
    this.#product?.forget();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The demo's catalog, and the scenario's own entities beside it. */
function settingsWith(catalogFile: string) {
  return {
    catalog: {
      locations: ['packages/lab/catalog/*.yaml', catalogFile].map(target => ({
        type: 'file',
        target,
      })),
    },
  };
}
