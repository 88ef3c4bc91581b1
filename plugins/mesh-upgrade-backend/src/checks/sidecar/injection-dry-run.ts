import { toError } from '@backstage/errors';
import type { V1PodSpec } from '@kubernetes/client-node';
import {
  compareIstioVersions,
  parseIstioVersion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Finding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesClient, KubernetesObject } from '../../clusters/types';
import { versionOfImage } from '../../inventory/rules/image';
import type { SidecarCheck, SidecarCheckContext } from '../types';
import {
  podOfWorkload,
  workloadObject,
  type TemplatedWorkload,
} from './podOfWorkload';
import { workloadName } from './workloadName';

type Verdict = Pick<Finding, 'severity' | 'title' | 'remedy'> & {
  observed: string;
};

const PROXY = 'istio-proxy';
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

interface Trial {
  workload: SidecarCheckContext['workload'];
  client: KubernetesClient;
  signal: AbortSignal;
}

async function tryPod(options: Trial): Promise<Verdict> {
  const { workload, client, signal } = options;
  const address = workloadObject(workload);
  if (!address) {
    return undecided(
      `How a ${workload.kind} makes its pods is not known, so none was tried.`,
      'Leave the workload out.',
    );
  }
  let body: object;
  try {
    body = podOfWorkload(
      await client.get<TemplatedWorkload>(address, { signal }),
    );
  } catch (error) {
    return undecided(
      toError(error).message,
      'Make sure that the workload exists and may be read, then Recheck.',
    );
  }
  try {
    const pod = await client.create<KubernetesObject & { spec?: V1PodSpec }>(
      {
        group: '',
        version: 'v1',
        resource: 'pods',
        namespace: workload.namespace,
      },
      body,
      { dryRun: true, signal },
    );
    return judgePod(pod.spec, workload.desiredVersion);
  } catch (error) {
    return judgeRefusal(toError(error), options);
  }
}

function judgePod(
  spec: V1PodSpec | undefined,
  desiredVersion: string | undefined,
): Verdict {
  // A native sidecar is an init container of the same name.
  const proxy = [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
  ].find(({ name }) => name === PROXY);
  if (!proxy) {
    return {
      severity: 'blocker',
      title: 'A new pod would come up without a sidecar',
      observed: `No container '${PROXY}' was injected`,
      remedy:
        'Check the injection labels of the namespace and the pod template and the webhook of the control plane, then Recheck.',
    };
  }
  const observed = `Container '${PROXY}' with image ${
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
  options: Trial,
): Promise<Verdict> {
  const status = error instanceof KubernetesError ? error.status : undefined;
  if (status === 400 && /does not support dry run/i.test(error.message)) {
    return undecided(
      error.message,
      'Nothing is wrong with the pod: a webhook does not declare that it is free of side effects (sideEffects: None). Declare it, then Recheck.',
    );
  }
  // Policies and quotas answer 403 as well; only the right itself tells them apart.
  if (status === 403 && !(await mayCreatePods(options))) {
    return undecided(
      error.message,
      `Allow this backend to create pods in namespace ${options.workload.namespace} (they are only ever tried, never kept), then Recheck.`,
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
async function mayCreatePods(options: Trial): Promise<boolean> {
  try {
    const { allowed } = await options.client.accessReview(
      {
        verb: 'create',
        group: '',
        resource: 'pods',
        namespace: options.workload.namespace,
      },
      { signal: options.signal },
    );
    return allowed;
  } catch {
    return false;
  }
}

function undecided(observed: string, remedy: string): Verdict {
  return { severity: 'unknown', title: UNKNOWN_TITLE, observed, remedy };
}
