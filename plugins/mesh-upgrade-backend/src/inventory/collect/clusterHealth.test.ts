import { KubernetesError } from '../../clusters/KubernetesError';
import { HealthTracker } from './HealthTracker';

function error(
  status: number | undefined,
  action: string,
  serverMessage: string,
  reason?: string,
) {
  return new KubernetesError({
    cluster: 'prod',
    action,
    status,
    reason,
    serverMessage,
  });
}

const FORBIDDEN = error(
  403,
  'list pods',
  'pods is forbidden: User "mesh" cannot list resource "pods" in API group ""',
  'Forbidden',
);

function tracker() {
  let now = new Date('2026-01-01T00:00:00Z').getTime();
  const health = new HealthTracker({
    cluster: 'prod',
    resources: ['pods', 'deployments', 'services'],
    dispensable: ['services'],
    now: () => new Date((now += 1_000)),
    onChange: () => {},
  });
  return health;
}

const NO_SERVICES = error(403, 'watch services', 'no', 'Forbidden');

describe('the health of a cluster', () => {
  it('is connecting until every resource answered, then healthy', () => {
    const health = tracker();
    expect(health.health.state).toBe('connecting');
    health.listed('pods');
    expect(health.health.state).toBe('connecting');
    expect(health.settled).toBe(false);
    health.listed('deployments');
    expect(health.settled).toBe(false);
    health.listed('services');
    expect(health.health.state).toBe('healthy');
    expect(health.settled).toBe(true);
  });

  it.each([
    [
      error(401, 'list pods', 'Unauthorized'),
      'unauthorized',
      'list pods: Unauthorized (401)',
    ],
    [
      FORBIDDEN,
      'forbidden',
      `list pods: ${FORBIDDEN.serverMessage} (403 Forbidden)`,
    ],
    [
      error(
        undefined,
        'list pods',
        'connect ECONNREFUSED 10.0.0.1:443',
        'ECONNREFUSED',
      ),
      'unreachable',
      'list pods: connect ECONNREFUSED 10.0.0.1:443 (ECONNREFUSED)',
    ],
    [
      error(500, 'list pods', 'etcdserver: request timed out'),
      'unreachable',
      'list pods: etcdserver: request timed out (500)',
    ],
    [new TypeError('a bug'), 'unreachable', 'a bug'],
  ])(
    "tells %s in the server's words, with a remedy, and recovers",
    (cause, state, reason) => {
      const health = tracker();
      health.listed('pods');
      health.listed('deployments');
      health.listed('services');
      health.failed('pods', cause);
      expect(health.health).toMatchObject({
        state,
        reason,
        remedy: expect.stringMatching(/\w/),
      });
      expect(health.current).toBe(false);
      health.working('pods');
      expect(health.health).toEqual({
        state: 'healthy',
        since: expect.any(String),
      });
      expect(health.current).toBe(true);
    },
  );

  it('takes a refusal for an answer, so that the rest is shown', () => {
    const health = tracker();
    health.listed('deployments');
    health.listed('services');
    health.failed('pods', FORBIDDEN);
    expect(health.settled).toBe(true);
    expect(health.health.state).toBe('forbidden');
    expect(health.health.remedy).toBe(
      "Allow the identity of cluster 'prod' to list pods",
    );
    // What never was read does not age the rest.
    expect(health.current).toBe(true);
  });

  it('stays healthy without what decides nothing, and says what that is', () => {
    const health = tracker();
    health.listed('pods');
    health.listed('services');
    health.failed('services', NO_SERVICES);
    expect(health.health.state).toBe('connecting');
    health.listed('deployments');
    expect(health.health).toMatchObject({
      state: 'healthy',
      reason: 'watch services: no (403 Forbidden)',
      remedy: "Allow the identity of cluster 'prod' to watch services",
    });
    expect(health.current).toBe(true);

    // Beside a serious refusal each missing right is told.
    health.failed('pods', FORBIDDEN);
    expect(health.health.state).toBe('forbidden');
    expect(health.health.reason).toContain('list pods');
    expect(health.health.reason).toContain('watch services');

    health.working('pods');
    health.failed('services', error(500, 'list services', 'etcd is away'));
    expect(health.health.state).toBe('unreachable');
    health.working('services');
    expect(health.health).toEqual({
      state: 'healthy',
      since: expect.any(String),
    });
  });

  it('waits for a cluster that does not answer', () => {
    const health = tracker();
    health.listed('deployments');
    health.failed('pods', error(undefined, 'list pods', 'timeout'));
    expect(health.settled).toBe(false);
  });

  it('tells the worst of several troubles and keeps the time since when', () => {
    const health = tracker();
    health.failed('pods', FORBIDDEN);
    health.failed(
      'deployments',
      error(401, 'list deployments', 'Unauthorized'),
    );
    health.failed('version', error(401, 'get version', 'Unauthorized'));
    const { since } = health.health;
    expect(health.health).toMatchObject({
      state: 'unauthorized',
      reason: 'list deployments: Unauthorized (401); 1 more like it',
    });
    health.working('version');
    expect(health.health).toMatchObject({
      reason: 'list deployments: Unauthorized (401)',
      since,
    });
    health.working('deployments');
    expect(health.health.state).toBe('forbidden');
    expect(health.health.since).not.toBe(since);
  });
});
