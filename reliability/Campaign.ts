import assert from 'node:assert/strict';
import type {
  CheckReport,
  RunEvent,
  RunSummary,
  RunView,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../scripts/lib/poll.mjs';
import type { Fleet } from './Fleet';
import { judgeRun } from './judge';
import type { Replica } from './Replica';

const READY_TIMEOUT_MS = 60_000;
const WORKLOADS_PER_RUN = 4;
const EVENTS_PER_PAGE = 500;
/** Newest first: those of a campaign are among them. */
const RUNS_PER_PAGE = 100;
const OVER = ['succeeded', 'failed', 'stopped'];

interface Istiod {
  spec: { template: { spec: { containers: { image: string }[] } } };
}

/** All runs that a fleet can take at the same time, from their start to the verdict on them. */
export class Campaign {
  readonly #fleet: Fleet;
  /** By run: the events that somebody was shown so far. */
  readonly #shown = new Map<string, RunEvent[]>();
  readonly #former: Set<string>;
  #starts: Promise<unknown> = Promise.resolve();

  static async prepare(fleet: Fleet, replica: Replica): Promise<Campaign> {
    await fleet.reset();
    const campaign = new Campaign(fleet, await runsOf(replica));
    let missing = '';
    await poll(
      () =>
        campaign.#subjects(replica).catch(error => {
          missing = error.message;
          return undefined;
        }),
      {
        timeoutMs: READY_TIMEOUT_MS,
        intervalMs: 300,
        what: 'the inventory to show the fleet as it was',
        last: () => missing,
      },
    );
    return campaign;
  }

  private constructor(fleet: Fleet, former: RunSummary[]) {
    this.#fleet = fleet;
    this.#former = new Set(former.map(({ id }) => id));
  }

  /**
   * Starts every run there can be, at the same time. Resolves when the first
   * one is accepted; who dies then does so with requests half answered.
   */
  async start(replica: Replica): Promise<void> {
    const subjects = await this.#subjects(replica);
    const requests = await Promise.all(
      subjects.map(async subject => {
        const [{ hash }, { consents }] = await Promise.all([
          replica.post<UpgradePlan>('/plans', subject),
          replica.post<CheckReport>('/checks', subject),
        ]);
        return { ...subject, planHash: hash, consents };
      }),
    );
    const starts = requests.map(async request => {
      const { id } = await replica.post<RunView>('/runs', request);
      this.#shown.set(id, []);
    });
    await Promise.any(starts);
    this.#starts = Promise.allSettled(starts);
  }

  /** Resolves when no start is on its way any more. */
  async started(): Promise<void> {
    await this.#starts;
  }

  /** Looks at every run's events as a page does that follows them. */
  async look(replica: Replica): Promise<void> {
    await Promise.all(
      [...this.#shown.keys()].map(async id => {
        this.#shown.set(id, await eventsOf(replica, id));
      }),
    );
  }

  /** Waits until somebody drives runs again since a time, and answers whether any is left. */
  async goesOn(
    replica: Replica,
    since: string,
    timeoutMs: number,
  ): Promise<boolean> {
    return poll(
      async () => {
        const { length } = (await this.#runs(replica)).filter(isUnderWay);
        await this.look(replica);
        const isDriven = [...this.#shown.values()].some(events =>
          events.some(({ at }) => at > since),
        );
        return length === 0 || isDriven ? length > 0 : undefined;
      },
      {
        timeoutMs,
        intervalMs: 250,
        what: `an event of a run since ${since}`,
      },
    );
  }

  /** Waits until all runs are over, also those whose start was never answered. */
  async end(replica: Replica, timeoutMs: number): Promise<RunView[]> {
    await this.started();
    let last: RunSummary[] = [];
    const summaries = await poll(
      async () => {
        last = await this.#runs(replica);
        return last.some(isUnderWay) ? undefined : last;
      },
      {
        timeoutMs,
        intervalMs: 300,
        what: 'all runs to end',
        last: () =>
          last
            .filter(isUnderWay)
            .map(({ id, state, message }) => `${id} ${state}: ${message}`)
            .join('; '),
      },
    );
    return Promise.all(
      summaries.map(({ id }) => replica.get<RunView>(`/runs/${id}`)),
    );
  }

  /** Everything that is wrong with the runs that ended, and with the world they leave. */
  async judge(replica: Replica, ended: RunView[]): Promise<string[]> {
    const verdicts = await Promise.all(
      ended.map(async run =>
        judgeRun(
          run,
          await eventsOf(replica, run.id),
          this.#shown.get(run.id) ?? [],
        ),
      ),
    );
    const lost = [...this.#shown.keys()].filter(
      id => !ended.some(run => run.id === id),
    );
    return [
      ...lost.map(id => `run ${id} was accepted and is not there any more`),
      ...verdicts.flat(),
      ...(await this.#judgeControlPlanes(ended)),
    ];
  }

  /** Of this campaign, also those whose start was never answered. */
  async #runs(replica: Replica): Promise<RunSummary[]> {
    return (await runsOf(replica)).filter(({ id }) => !this.#former.has(id));
  }

  async #judgeControlPlanes(ended: RunView[]): Promise<string[]> {
    const problems: string[] = [];
    const upgraded = this.#fleet.meshes.filter(({ id }) =>
      ended.some(({ meshId }) => meshId === id),
    );
    for (const { clusters, to } of upgraded) {
      for (const cluster of clusters) {
        const { spec } = await this.#fleet.read<Istiod>(
          cluster,
          '/apis/apps/v1/namespaces/istio-system/deployments/istiod',
        );
        const [{ image }] = spec.template.spec.containers;
        if (!image.endsWith(`:${to}`)) {
          problems.push(`istiod of ${cluster} is ${image} instead of ${to}`);
        }
      }
    }
    return problems;
  }

  /** What is to be upgraded. @throws Error while the inventory does not show all of it. */
  async #subjects(replica: Replica): Promise<UpgradeSubject[]> {
    const { items } = await replica.get<{
      items: { id: string; versions: string[] }[];
    }>('/meshes');
    const meshes = this.#fleet.meshes.map(({ id, from, to }) => {
      const versions = items.find(mesh => mesh.id === id)?.versions ?? [];
      assert.deepEqual(versions, [from], `versions of mesh ${id}`);
      return { kind: 'mesh' as const, meshId: id, targetVersion: to };
    });
    const sidecars = await Promise.all(
      this.#fleet.sidecarClusters.map(async name => {
        const workloads = await outdated(replica, name);
        assert.equal(
          workloads.length,
          WORKLOADS_PER_RUN,
          `outdated workloads of ${name}`,
        );
        return { kind: 'sidecars' as const, workloads };
      }),
    );
    return [...meshes, ...sidecars];
  }
}

function isUnderWay({ state }: RunSummary): boolean {
  return !OVER.includes(state);
}

/** Ids of workloads of a cluster whose sidecars are behind. */
async function outdated(replica: Replica, cluster: string): Promise<string[]> {
  const { items } = await replica.get<{ items: { id: string }[] }>(
    `/workloads?cluster=${cluster}&outdated=true&limit=${WORKLOADS_PER_RUN}`,
  );
  return items.map(({ id }) => id);
}

/** All runs there are, of all campaigns of a trial. */
async function runsOf(replica: Replica): Promise<RunSummary[]> {
  const { items } = await replica.get<{ items: RunSummary[] }>(
    `/runs?limit=${RUNS_PER_PAGE}`,
  );
  return items;
}

async function eventsOf(replica: Replica, id: string): Promise<RunEvent[]> {
  const { items } = await replica.get<{ items: RunEvent[] }>(
    `/runs/${id}/events?limit=${EVENTS_PER_PAGE}`,
  );
  return items;
}
