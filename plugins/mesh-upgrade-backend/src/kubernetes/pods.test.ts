import {
  crashLoopOf,
  firstProblem,
  problemOf,
  isLive,
  proxyOf,
  selectorToString,
} from './pods';
import { rolloutOf } from './rollout';
import type { Deployment, Pod } from './types';

const IMAGE = 'docker.io/istio/proxyv2:1.30.3-distroless';

function pod(overrides: Partial<Pod>): Pod {
  return { metadata: { name: 'cart-1' }, ...overrides };
}

describe('proxyOf', () => {
  const running = { running: {} };

  it.each([
    ['an ordinary container', 'containers', 'containerStatuses'],
    ['a native sidecar', 'initContainers', 'initContainerStatuses'],
  ])('finds %s', (_form, spec, status) => {
    expect(
      proxyOf(
        pod({
          spec: {
            [spec]: [{ name: 'app' }, { name: 'istio-proxy', image: IMAGE }],
          },
          status: {
            [status]: [{ name: 'istio-proxy', image: IMAGE, state: running }],
          },
        }),
      ),
    ).toEqual({ image: IMAGE, version: '1.30.3', running: true });
  });

  it('prefers what runs, unless the runtime tells a digest alone', () => {
    const spec = { containers: [{ name: 'istio-proxy', image: IMAGE }] };
    const status = (image: string) => ({
      containerStatuses: [{ name: 'istio-proxy', image, state: running }],
    });
    const hot = pod({ spec, status: status('istio/proxyv2:1.31.1') });
    expect(proxyOf(hot)?.version).toBe('1.31.1');
    const bare = pod({ spec, status: status(`sha256:${'a'.repeat(64)}`) });
    expect(proxyOf(bare)?.version).toBe('1.30.3');
  });

  it('tells a crash in the words of Kubernetes, and nothing for a pod without a sidecar', () => {
    const crashing = pod({
      spec: { containers: [{ name: 'istio-proxy', image: IMAGE }] },
      status: {
        containerStatuses: [
          {
            name: 'istio-proxy',
            state: {
              waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' },
            },
            lastState: { terminated: { exitCode: 255 } },
          },
        ],
      },
    });
    expect(proxyOf(crashing)).toMatchObject({
      running: false,
      crash: 'CrashLoopBackOff: back-off 5m0s; last exit code 255',
    });
    expect(crashLoopOf(crashing)).toMatch(/^cart-1: istio-proxy CrashLoop/);
    expect(proxyOf(pod({ spec: { containers: [{ name: 'app' }] } }))).toBe(
      undefined,
    );
  });
});

describe('pods', () => {
  it('are live unless completed or going', () => {
    const phases = ['Pending', 'Running', 'Unknown', 'Succeeded', 'Failed'];
    expect(phases.filter(phase => isLive(pod({ status: { phase } })))).toEqual([
      'Pending',
      'Running',
      'Unknown',
    ]);
    expect(
      isLive({ metadata: { name: 'x', deletionTimestamp: '2026-11-01' } }),
    ).toBe(false);
  });

  it('tell why they wait, but not that they are merely starting', () => {
    const waiting = (reason: string) =>
      pod({
        status: {
          containerStatuses: [{ name: 'app', state: { waiting: { reason } } }],
        },
      });
    const unschedulable = pod({
      status: {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3 nodes are available',
          },
        ],
      },
    });
    expect(firstProblem([waiting('ContainerCreating')])).toBeUndefined();
    expect(firstProblem([waiting('ImagePullBackOff')])).toBe(
      'cart-1: app ImagePullBackOff',
    );
    expect(firstProblem([unschedulable])).toBe(
      'cart-1: Unschedulable: 0/3 nodes are available',
    );
  });

  it('are given half a minute to become Ready before that is a problem', () => {
    const young = pod({
      metadata: { name: 'cart-1', creationTimestamp: '2026-11-01T00:00:00Z' },
      spec: { nodeName: 'node-7' },
      status: {
        phase: 'Running',
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'ContainersNotReady',
            message: 'containers with unready status: [discovery]',
          },
        ],
        containerStatuses: [{ name: 'discovery', state: { running: {} } }],
      },
    });
    expect(problemOf(young, new Date('2026-11-01T00:00:29Z'))).toBeUndefined();
    expect(problemOf(young, new Date('2026-11-01T00:00:30Z'))).toBe(
      'cart-1: ContainersNotReady: containers with unready status: [discovery]',
    );
  });

  it('point at the node that took their readiness', () => {
    const lost = pod({
      spec: { nodeName: 'node-7' },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [{ name: 'discovery', state: { running: {} } }],
      },
    });
    expect(firstProblem([lost])).toContain('node-7');
  });

  it('are selected by every operator', () => {
    expect(
      selectorToString({
        matchLabels: { app: 'cart' },
        matchExpressions: [
          { key: 'tier', operator: 'In', values: ['a', 'b'] },
          { key: 'old', operator: 'NotIn', values: ['c'] },
          { key: 'here', operator: 'Exists' },
          { key: 'gone', operator: 'DoesNotExist' },
        ],
      }),
    ).toBe('app=cart,tier in (a,b),old notin (c),here,!gone');
  });
});

describe('rolloutOf', () => {
  const done = {
    observedGeneration: 2,
    replicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
  };
  const deployment = (
    status: Deployment['status'],
    replicas = 3,
  ): Deployment => ({
    metadata: { name: 'cart', generation: 2 },
    spec: { replicas, selector: {}, template: {} },
    status,
  });

  it.each<[string, Deployment['status'], number, boolean]>([
    ['everything is new and available', done, 3, true],
    ['there is nothing to run', { observedGeneration: 2 }, 0, true],
    [
      'the change was not seen yet',
      { ...done, observedGeneration: 1 },
      3,
      false,
    ],
    ['new pods are missing', { ...done, updatedReplicas: 2 }, 3, false],
    ['old pods are left', { ...done, replicas: 4 }, 3, false],
    ['new pods are not available', { ...done, availableReplicas: 2 }, 3, false],
    ['an autoscaler wants more', done, 5, false],
    ['nothing was reported', undefined, 3, false],
  ])('when %s', (_case, status, replicas, complete) => {
    expect(rolloutOf(deployment(status, replicas)).complete).toBe(complete);
  });

  it('reports a deadline of this rollout, not of the one before', () => {
    const conditions = [
      {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: 'has timed out progressing.',
      },
    ];
    expect(rolloutOf(deployment({ ...done, conditions })).failure).toBe(
      'ProgressDeadlineExceeded: has timed out progressing.',
    );
    const stale = { ...done, observedGeneration: 1, conditions };
    expect(rolloutOf(deployment(stale)).failure).toBeUndefined();
  });
});
