import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { Processes } from '../../scripts/lib/Processes.mjs';
import { startLab } from '../../scripts/lib/services.mjs';
import { Product } from '../Product';
import type { World, WorldFacts } from '../World';
import { proxyImages } from '../proxyImages';
import { podsOfDeployment } from './podsOfDeployment';
import type { Platform } from './Platform';

/** What the lab's seed 1 contains. */
const FACTS: WorldFacts = {
  clusters: ['prod-eu', 'prod-us', 'payments', 'edge'],
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
  #product: Product | undefined;

  static create(): LabPlatform {
    return new LabPlatform();
  }

  async start(): Promise<World> {
    const { url } = await startLab(this.#processes, {
      port: await freePort(),
      env: process.env,
      log: join(this.#folder, 'lab.log'),
    });
    const product = await Product.start(this.#processes, {
      configs: ['app-config.yaml', 'app-config.lab.yaml'],
      labUrl: url,
    });
    this.#product = product;
    return {
      name: 'lab',
      facts: FACTS,
      product,
      async proxyImages(workload) {
        const { cluster, namespace } = workload;
        const response = await fetch(
          `${url}/clusters/${cluster}/api/v1/namespaces/${namespace}/pods`,
          { headers: { authorization: `Bearer lab-${cluster}` } },
        );
        const { items } = await response.json();
        return proxyImages(podsOfDeployment(items, workload.name));
      },
    };
  }

  async stop(): Promise<void> {
    await this.#processes.stop();
    this.#product?.forget();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
