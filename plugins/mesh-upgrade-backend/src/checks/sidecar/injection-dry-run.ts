import { toError } from '@backstage/errors';
import type { V1PodSpec } from '@kubernetes/client-node';
import {
  compareIstioVersions,
  parseIstioVersion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Finding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { KubernetesError } from '../../clusters/KubernetesError';
import { versionOfImage } from '../../inventory/rules/image';
import type { SidecarCheck, SidecarCheckContext } from '../types';
import { PROXY_CONTAINER, proxyContainer } from './proxyContainer';
import { trialPod, type Trial } from './trialPod';
import { workloadName } from './workloadName';

type Verdict = Pick<Finding, 'severity' | 'title' | 'remedy'> & {
  observed: string;
};

const UNKNOWN_TITLE = 'What a new pod would get could not be tried';

/**
 * Lets the API server create a pod of the workload without keeping it: every
 * admission webhook, the injector above all, answers as it will at the restart,
 * and so do quotas and policies.
 */
export function injectionDryRun(): SidecarCheck {
  return {
    id: 'injection-dry-run',
    title: 'Trial of a new pod',
    worst: 'blocker',
    applies: ({ method }) => method.kind !== 'none',
    async run(context) {
      const { workload } = context;
      const { observed, ...verdict } = await tryPod(context);
      return [
        {
          ...verdict,
          evidence: {
            object: `trial pod of ${workloadName(workload)}`,
            observed,
            expected: `A pod with a sidecar of version ${
              workload.desiredVersion ?? 'that is known'
            }`,
          },
        },
      ];
    },
  };
}

async function tryPod(context: SidecarCheckContext): Promise<Verdict> {
  let trial: Trial;
  try {
    trial = await trialPod(context);
  } catch (error) {
    return undecided(
      toError(error).message,
      'Make sure that the workload exists and may be read, then Recheck.',
    );
  }
  return trial.pod
    ? judgePod(trial.pod.spec, context.workload.desiredVersion)
    : judgeRefusal(trial.refusal, context);
}

function judgePod(
  spec: V1PodSpec | undefined,
  desiredVersion: string | undefined,
): Verdict {
  const proxy = proxyContainer(spec)?.container;
  if (!proxy) {
    return {
      severity: 'blocker',
      title: 'A new pod would come up without a sidecar',
      observed: `No container '${PROXY_CONTAINER}' was injected`,
      remedy:
        'Check the injection labels of the namespace and the pod template and the webhook of the control plane, then Recheck.',
    };
  }
  const observed = `Container '${PROXY_CONTAINER}' with image ${
    proxy.image ?? 'not set'
  }`;
  const found = parseIstioVersion(versionOfImage(proxy.image) ?? '');
  const wanted = parseIstioVersion(desiredVersion ?? '');
  if (!found || !wanted) {
    return {
      severity: 'unknown',
      title: 'Whether a new pod gets the right version cannot be said',
      observed,
      remedy: 'Give the proxy image a tag that is a version, then Recheck.',
    };
  }
  if (
    found.family !== wanted.family ||
    compareIstioVersions(found, wanted) !== 0
  ) {
    return {
      severity: 'blocker',
      title: `A new pod would get ${found.raw} instead of ${wanted.raw}`,
      observed,
      remedy:
        'Look for what pins the proxy image (annotation sidecar.istio.io/proxyImage, a custom injection template), then Recheck.',
    };
  }
  return {
    severity: 'passed',
    title: `A new pod gets ${found.raw}`,
    observed,
    remedy: '',
  };
}

async function judgeRefusal(
  error: Error,
  context: SidecarCheckContext,
): Promise<Verdict> {
  const status = error instanceof KubernetesError ? error.status : undefined;
  if (status === 400 && /does not support dry run/i.test(error.message)) {
    return undecided(
      error.message,
      'Nothing is wrong with the pod: a webhook does not declare that it is free of side effects (sideEffects: None). Declare it, then Recheck.',
    );
  }
  // Policies and quotas answer 403 as well; only the right itself tells them apart.
  if (status === 403 && !(await mayCreatePods(context))) {
    return undecided(
      error.message,
      `Allow this backend to create pods in namespace ${context.workload.namespace} (they are only ever tried, never kept), then Recheck.`,
    );
  }
  if (status === 400 || status === 403 || status === 422) {
    return {
      severity: 'blocker',
      title: 'The API server refuses new pods of this workload',
      observed: error.message,
      remedy: 'Remove what the API server names, then Recheck.',
    };
  }
  return undecided(error.message, 'Make the API server answer, then Recheck.');
}

/** False as well when it cannot be asked: then nothing is decided. */
async function mayCreatePods({
  workload: { cluster, namespace },
  client,
  once,
}: SidecarCheckContext): Promise<boolean> {
  try {
    const { allowed } = await once(
      `may create pods ${cluster} ${namespace}`,
      signal =>
        client.accessReview(
          { verb: 'create', group: '', resource: 'pods', namespace },
          { signal },
        ),
    );
    return allowed;
  } catch {
    return false;
  }
}

function undecided(observed: string, remedy: string): Verdict {
  return { severity: 'unknown', title: UNKNOWN_TITLE, observed, remedy };
}
