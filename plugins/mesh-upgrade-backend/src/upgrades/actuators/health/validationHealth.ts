import type { KubernetesClient } from '../../../clusters/types';
import { listAll } from '../../../clusters/listAll';
import type { ObserveOptions, Step, StepObservation } from '../../types';
import {
  REVISION,
  VALIDATING_WEBHOOKS,
  validatesConfiguration,
  type WebhookConfiguration,
} from '../../../kubernetes/webhooks';
import type { Look } from '../LookActuator';
import { controlPlaneOf } from './parameters';
import { lastedMs } from './patience';
import { validatorAnswer } from './validatorAnswer';

export const VALIDATION_HEALTH_ACTION = 'validation-health';

/** A new istiod takes its validators over within seconds. */
const PATIENCE_MS = 60_000;

/** Whether sound configuration of Istio is accepted and faulty is refused, by istiod of the revision; asked by dry runs. */
export const validationHealth: Look = {
  action: VALIDATION_HEALTH_ACTION,
  async look(client, step, options) {
    const { namespace, revision } = controlPlaneOf(step);
    const ask = (faulty: boolean) =>
      validatorAnswer(client, { namespace, revision, faulty }, options.signal);
    const [sound, faulty] = await Promise.all([ask(false), ask(true)]);
    if (sound.kind === 'unasked') {
      return { state: 'unproven', message: sound.words };
    }
    const silent = [sound, faulty].find(({ kind }) => kind === 'silent');
    if (silent?.kind === 'silent') {
      return later(
        step,
        options,
        `istiod does not answer as validator, so that every change of Istio's configuration is refused: ${silent.words}. Look at the log of istiod in namespace ${namespace}, at its Service and at the ValidatingWebhookConfigurations`,
      );
    }
    if (sound.kind === 'denied') {
      return later(
        step,
        options,
        `${sound.webhook} refuses a Gateway in which nothing is wrong: ${sound.words}. Look at istiod's log`,
      );
    }
    switch (faulty.kind) {
      case 'unasked':
        return { state: 'unproven', message: faulty.words };
      case 'denied':
        return refused(client, step, { ...options, ...faulty });
      default:
        return unvalidated(client, step, options);
    }
  },
};

/** Every validator is asked at once, and the API server tells the words of whichever answers first. */
async function refused(
  client: KubernetesClient,
  step: Step,
  options: ObserveOptions & { webhook: string; words: string },
): Promise<StepObservation> {
  const { webhook, words } = options;
  const { revision } = controlPlaneOf(step);
  const validators = await validatorsOf(client, options.signal);
  const isOwn = validators.some(
    ({ metadata, webhooks = [] }) =>
      (metadata.labels?.[REVISION] ?? 'default') === revision &&
      webhooks.some(({ name }) => name === webhook),
  );
  if (isOwn) {
    return {
      state: 'done',
      message: `${webhook} accepts a sound Gateway and refuses a faulty one: ${words}`,
    };
  }
  const message = `A faulty Gateway is refused by ${webhook}, which is not of revision ${revision}`;
  const seen = later(step, options, message);
  return seen.state === 'failed' ? { state: 'unproven', message } : seen;
}

/** A faulty object passed: nobody is asked on purpose, or istiod has not taken over yet. */
async function unvalidated(
  client: KubernetesClient,
  step: Step,
  options: ObserveOptions,
): Promise<StepObservation> {
  const { revision } = controlPlaneOf(step);
  const own = (await validatorsOf(client, options.signal)).filter(each =>
    validatesConfiguration(each, revision),
  );
  return own.length === 0
    ? {
        state: 'unproven',
        message: `Nothing validates the configuration of revision ${revision}: the cluster has no ValidatingWebhookConfiguration for it`,
      }
    : later(
        step,
        options,
        `A faulty Gateway passes, although ${own
          .map(({ metadata }) => metadata.name)
          .join(
            ' and ',
          )} should have it refused. Look in istiod's log why it has not taken the validation over`,
      );
}

function validatorsOf(
  client: KubernetesClient,
  signal: AbortSignal,
): Promise<WebhookConfiguration[]> {
  return listAll<WebhookConfiguration>(client, VALIDATING_WEBHOOKS, { signal });
}

function later(
  step: Step,
  { now }: ObserveOptions,
  message: string,
): StepObservation {
  const since = step.detail?.since ?? now.toISOString();
  return {
    state: lastedMs(since, now) < PATIENCE_MS ? 'moving' : 'failed',
    message,
    detail: { since },
  };
}
