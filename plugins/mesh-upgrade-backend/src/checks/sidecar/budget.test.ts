import type { KubernetesClient } from '../../clusters/types';
import { aMesh, aWorkload, fakeClusters } from '../__testUtils__/fakes';
import { DefaultCheckRunner } from '../runner/DefaultCheckRunner';
import { clientOf, newPod, runningPod } from './__testUtils__/restartScene';
import { sidecarChecks } from './index';

const WORKLOADS = 200;
/** Lists and questions that are asked once per cluster. */
const SHARED = 25;

describe('the checks of many workloads', () => {
  it('ask an API server three times per workload, and for what they share once', async () => {
    let requests = 0;
    const counted = Object.fromEntries(
      Object.entries(
        clientOf({
          objects: {
            configmaps: [
              { metadata: { name: 'istio-ca-root-cert' }, data: {} },
            ],
          },
          client: {
            serves: async () => true,
            patch: (async () => newPod()) as any,
          },
        }),
      ).map(([verb, ask]) => [
        verb,
        (...args: unknown[]) => {
          requests += 1;
          return (ask as (...all: unknown[]) => unknown)(...args);
        },
      ]),
    ) as Partial<KubernetesClient>;
    const runner = DefaultCheckRunner.create({
      clusters: fakeClusters({
        'prod-eu': counted,
      }),
      meshChecks: [],
      sidecarChecks: sidecarChecks({
        inventory: {
          mesh: async id => aMesh({ id, clusterNames: ['prod-eu'] }),
        },
        versions: {
          images: async (_, version) => [
            {
              component: 'proxyv2',
              image: `r/proxyv2:${version}`,
              state: 'present',
              platforms: ['linux/amd64'],
              labels: {},
              source: 'r',
            },
          ],
        },
      }),
    });
    const report = await runner.checkSidecars(
      Array.from({ length: WORKLOADS }, (_, index) =>
        aWorkload({
          id: `prod-eu/shop/Deployment/cart-${index}`,
          name: `cart-${index}`,
          meshId: 'shop',
          // A prepared family, so that everything is asked.
          desiredVersion: '1.30.3-mspider',
          versions: [{ version: '1.30.2-mspider', pods: 1 }],
          podList: [runningPod()],
        }),
      ),
    );
    const undecided = report.findings.filter(({ evidence }) =>
      /could not be made/.test(evidence.observed),
    );
    expect(undecided).toEqual([]);
    // What all share is asked once: it is not counted per workload.
    expect(requests).toBeGreaterThan(3 * WORKLOADS);
    expect(requests).toBeLessThan(3 * WORKLOADS + SHARED);
  });
});
