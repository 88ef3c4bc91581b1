import type { KubernetesClient, KubernetesObject } from '../../clusters/types';
import { newStep, storedRun } from '../testing/runs';
import type { Step } from '../types';
import { RUN_ANNOTATION } from './commandJob';
import { jobChange } from './jobChange';
import type { JobTask } from './JobTask';

const START = Date.parse('2026-11-01T00:00:00Z');
const TASK: JobTask = {
  action: 'helm-job',
  program: 'helm',
  suffix: () => 'istiod',
  job: () => ({
    namespace: 'mesh-upgrade',
    serviceAccount: 'helm',
    image: 'helm:none',
    command: ['helm'],
  }),
  prove: async () => ({ state: 'done', message: 'proven' }),
};

/** A Job whose pod is in a state that the test changes. */
function aJob() {
  const run = storedRun();
  const world = {
    waiting: undefined as { reason: string; message?: string } | undefined,
    log: '',
    rolled: {},
    conditions: [] as object[],
  };
  const client: Partial<KubernetesClient> = {
    get: async () =>
      ({
        metadata: { name: 'job', annotations: { [RUN_ANNOTATION]: run.id } },
        status: { conditions: world.conditions },
      } as never),
    podLog: async () => world.log,
    async *list<T extends KubernetesObject>() {
      const pod = {
        metadata: { name: 'pod', namespace: 'mesh-upgrade' },
        status: {
          containerStatuses: [
            { name: 'run', state: { waiting: world.waiting } },
          ],
        },
      };
      yield { items: [pod as unknown as T], resourceVersion: '1' };
    },
  };
  const change = jobChange({ ...TASK, watch: async () => world.rolled });
  let step: Step = newStep({ intent: { job: 'job' } });
  return {
    world,
    async look(seconds: number) {
      const seen = await change.observe(client as KubernetesClient, step, {
        run,
        signal: new AbortController().signal,
        now: new Date(START + seconds * 1000),
      });
      step = { ...step, detail: seen.detail };
      return seen;
    },
  };
}

describe('jobChange', () => {
  it('ends two minutes after the image could not be pulled, in the words of the first error', async () => {
    const { world, look } = aJob();
    world.waiting = { reason: 'ErrImagePull', message: 'manifest unknown' };
    expect(await look(0)).toMatchObject({
      state: 'moving',
      message: 'ErrImagePull: manifest unknown',
    });
    world.waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling' };
    expect(await look(119)).toMatchObject({
      state: 'moving',
      message: 'ErrImagePull: manifest unknown',
    });
    expect(await look(120)).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(
        /^The image of Job mesh-upgrade\/job cannot be pulled: ErrImagePull: manifest unknown\. .*kubectl delete job -n mesh-upgrade job/,
      ),
    });
  });

  it('forgets the trouble when the image came after all, and passes each line of output on once', async () => {
    const { world, look } = aJob();
    world.waiting = { reason: 'ErrImagePull' };
    await look(0);
    world.waiting = undefined;
    world.log = 'one\ntoken=abc\n';
    expect((await look(60)).events).toEqual([
      { level: 'info', message: 'one', output: true },
      { level: 'info', message: 'token=***', output: true },
    ]);
    world.waiting = { reason: 'ErrImagePull' };
    const seen = await look(130);
    expect(seen).toMatchObject({ state: 'moving', events: [] });
  });

  it('tells what keeps the pods that the program waits for from being Ready, also once it gave up', async () => {
    const { world, look } = aJob();
    world.log = 'Pulled: charts/istiod\n';
    const progress = { done: 0, total: 2 };
    world.rolled = { progress };
    expect(await look(0)).toMatchObject({
      state: 'moving',
      message: 'Pulled: charts/istiod',
      progress,
    });
    const problem = 'istiod-1 discovery: ErrImagePull: not found';
    world.rolled = { progress, problem };
    expect(await look(10)).toMatchObject({
      state: 'moving',
      message: problem,
      problem,
    });
    world.log += 'Error: UPGRADE FAILED: context deadline exceeded\n';
    world.conditions = [{ type: 'Failed', status: 'True' }];
    expect(await look(300)).toMatchObject({
      state: 'failed',
      message: `helm failed: Pulled: charts/istiod\nError: UPGRADE FAILED: context deadline exceeded\n${problem}`,
    });
  });
});
