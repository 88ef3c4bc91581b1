import { KubernetesError } from './KubernetesError';
import { DEFAULT_RETRY_POLICY, pauseBeforeRetry } from './retryPolicy';

function error(options: {
  status?: number;
  reason?: string;
  retryAfterSeconds?: number;
}) {
  return new KubernetesError({
    cluster: 'prod-eu',
    action: 'list pods',
    serverMessage: 'no',
    ...options,
  });
}

describe('pauseBeforeRetry', () => {
  const policy = DEFAULT_RETRY_POLICY;

  it('doubles the pause up to its bound and spreads it over the upper half', () => {
    const pauses = (random: number) =>
      [1, 2, 3, 7].map(attempt =>
        pauseBeforeRetry(
          error({ status: 503 }),
          attempt,
          { ...policy, attempts: 10 },
          () => random,
        ),
      );
    expect(pauses(0)).toEqual([125, 250, 500, 2_500]);
    expect(pauses(1)).toEqual([250, 500, 1_000, 5_000]);
  });

  it('waits as long as the server asks, unless that is too long', () => {
    const asked = (retryAfterSeconds: number) =>
      pauseBeforeRetry(
        error({ status: 429, retryAfterSeconds }),
        1,
        policy,
        () => 0,
      );
    expect(asked(7)).toBe(7_000);
    expect(asked(31)).toBeUndefined();
  });

  it.each([
    [{ status: 401 }],
    [{ status: 410 }],
    [{ status: 200, reason: 'UnreadableAnswer' }],
    [{ reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
    [{ reason: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
  ])('makes %j final', options => {
    expect(pauseBeforeRetry(error(options), 1, policy)).toBeUndefined();
  });

  it('stops after the last attempt', () => {
    const refused = error({ reason: 'ECONNREFUSED' });
    expect(
      pauseBeforeRetry(refused, policy.attempts - 1, policy),
    ).toBeDefined();
    expect(pauseBeforeRetry(refused, policy.attempts, policy)).toBeUndefined();
  });
});
