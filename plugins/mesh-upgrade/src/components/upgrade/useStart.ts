import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  StartRunRequest,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { meshUpgradeApiRef } from '../../api';
import { replacedPlan } from '../../api/errors';

/** What a start says besides its subject and the plan that was seen. */
export type StartOptions = Pick<
  StartRunRequest,
  'consents' | 'startAt' | 'retryOf'
>;

/**
 * The plan for a subject and the way to start it. When the world has changed
 * since, the new plan takes the place of the old one and waits for another
 * consent.
 */
export function useStart(
  subject: UpgradeSubject,
  onStarted: (runId: string) => void,
) {
  const api = useApi(meshUpgradeApiRef);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const [replacement, setReplacement] = useState<UpgradePlan>();
  const planned = useAsyncRetry(async () => {
    setReplacement(undefined);
    return api.plan(subject);
  }, [api, JSON.stringify(subject)]);
  const plan = replacement ?? planned.value;

  async function start(options: StartOptions) {
    if (!plan) {
      return;
    }
    setStarting(true);
    setFailure(undefined);
    try {
      const run = await api.startRun({
        ...subject,
        ...options,
        planHash: plan.hash,
      });
      onStarted(run.id);
    } catch (error) {
      setReplacement(replacedPlan(error) ?? replacement);
      setFailure(error as Error);
      setStarting(false);
    }
  }

  return {
    plan,
    planning: planned.loading,
    planError: planned.error,
    replan: planned.retry,
    starting,
    failure,
    start,
  };
}

/** A plan and the way to start it. */
export type Start = ReturnType<typeof useStart>;
