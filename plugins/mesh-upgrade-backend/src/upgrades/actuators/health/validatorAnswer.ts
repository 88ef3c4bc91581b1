import type { KubernetesClient, ResourceType } from '../../../clusters/types';
import { isKubernetesError } from '../../engine/stepFailure';
import { probeGateway } from './probeGateway';

const ISTIO_GATEWAYS: ResourceType = {
  group: 'networking.istio.io',
  version: 'v1',
  resource: 'gateways',
};
/** Statuses with which an API server refuses before it asks a webhook. */
const UNASKED = new Set([400, 404, 405, 409, 422]);
const DENIED = /admission webhook "([^"]+)" denied the request:? ?(.*)/s;
const NO_ANSWER = /failed calling webhook "[^"]*validation\.istio\.io"/;

/**
 * What came of a dry run. `denied`: by a validator of Istio. `silent`: no
 * validator answered, so that nothing is accepted. `unasked`: something else
 * refused before any validator was asked.
 */
export type ValidatorAnswer =
  | { kind: 'accepted' }
  | { kind: 'denied'; webhook: string; words: string }
  | { kind: 'silent'; words: string }
  | { kind: 'unasked'; words: string };

/**
 * Asks by a dry run whether a Gateway of Istio would be accepted.
 *
 * @throws KubernetesError when another try may answer, or none ever will
 */
export async function validatorAnswer(
  client: KubernetesClient,
  probe: { namespace: string; revision: string; faulty: boolean },
  signal: AbortSignal,
): Promise<ValidatorAnswer> {
  try {
    await client.create(
      { ...ISTIO_GATEWAYS, namespace: probe.namespace },
      probeGateway(probe),
      { dryRun: true, fieldManager: 'mesh-upgrade', signal },
    );
    return { kind: 'accepted' };
  } catch (error) {
    if (!isKubernetesError(error)) {
      throw error;
    }
    return judge(error);
  }
}

function judge(
  error: Error & { status?: number; serverMessage: string },
): ValidatorAnswer {
  const words = error.serverMessage.replace(/\s+/g, ' ').trim();
  const [, webhook, why] = DENIED.exec(words) ?? [];
  if (webhook !== undefined) {
    return isIstios(webhook)
      ? { kind: 'denied', webhook, words: why }
      : {
          kind: 'unasked',
          words: `Another admission webhook answers first: ${words}`,
        };
  }
  if (NO_ANSWER.test(words)) {
    return { kind: 'silent', words };
  }
  const { status } = error;
  if (status === 403) {
    return {
      kind: 'unasked',
      words: `${error.message}. Allow this plugin to create Gateways of Istio in that namespace (it only asks with dryRun), as deploy/full.yaml does`,
    };
  }
  if (status !== undefined && UNASKED.has(status)) {
    return { kind: 'unasked', words: error.message };
  }
  throw error;
}

function isIstios(webhook: string): boolean {
  return webhook.endsWith('validation.istio.io');
}
