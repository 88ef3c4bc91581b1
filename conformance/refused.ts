import assert from 'node:assert/strict';
import { KubernetesError } from '../plugins/mesh-upgrade-backend/src/clusters';

/** Passes when the call is refused with this status and reason, in words that contain all of `words`. */
export async function refused(
  call: Promise<unknown>,
  expected: { status: number; reason?: string; words?: string[] },
): Promise<KubernetesError> {
  const error = await call.then(
    () => assert.fail(`accepted, expected status ${expected.status}`),
    failure => failure,
  );
  if (!(error instanceof KubernetesError)) {
    throw error;
  }
  assert.deepEqual(
    { status: error.status, reason: error.reason },
    { status: expected.status, reason: expected.reason },
    error.message,
  );
  for (const word of expected.words ?? []) {
    assert.ok(
      error.serverMessage.includes(word),
      `'${error.serverMessage}' does not contain '${word}'`,
    );
  }
  return error;
}
