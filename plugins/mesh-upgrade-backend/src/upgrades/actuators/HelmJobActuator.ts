import { NotFoundError, toError } from '@backstage/errors';
import type { ClusterRegistry, KubernetesClient } from '../../clusters/types';
import { isKubernetesError } from '../engine/stepFailure';
import {
  helmJob,
  helmJobName,
  RUN_ANNOTATION,
  type HelmJobParameters,
} from '../helm/helmJob';
import { maskSecrets } from '../helm/maskSecrets';
import { deployedReleases } from '../../helm/release';
import { assertMode, clientFor } from '../kubernetes/clientFor';
import { listAll } from '../../clusters/listAll';
import { orUndefined } from '../kubernetes/notFound';
import { problemOf } from '../../kubernetes/pods';
import { JOBS, PODS, type Job, type Pod } from '../../kubernetes/types';
import type { Run, Step, StepActuator, StepObservation } from '../types';
import { observeControlPlane } from './controlPlane';

export const HELM_JOB_ACTION = 'helm-job';

interface JobLog {
  lines: string[];
  /** What was not passed on before. */
  events?: StepObservation['events'];
  detail?: Record<string, unknown>;
}

const NO_LOG: JobLog = { lines: [] };
const LINES_PER_LOOK = 200;
const LAST_LINES = 5;

/** Upgrades one Helm release by a Job in the cluster, and proves what came of it. */
export class HelmJobActuator implements StepActuator {
  readonly action = HELM_JOB_ACTION;
  readonly #clusters: ClusterRegistry;

  static create(options: { clusters: ClusterRegistry }): HelmJobActuator {
    return new HelmJobActuator(options.clusters);
  }

  private constructor(clusters: ClusterRegistry) {
    this.#clusters = clusters;
  }

  async observe(
    step: Step,
    run: Run,
    { signal }: { signal: AbortSignal },
  ): Promise<StepObservation> {
    const client = clientFor(this.#clusters, step.cluster);
    const { jobNamespace } = parametersOf(step);
    const name = String(step.intent!.job);
    const job = await orUndefined(
      client.get<Job>({ ...JOBS, namespace: jobNamespace, name }, { signal }),
    );
    if (!job) {
      return this.#withoutJob(client, step, signal);
    }
    if (job.metadata.annotations?.[RUN_ANNOTATION] !== run.id) {
      return {
        state: 'failed',
        message: `Job ${jobNamespace}/${name} belongs to another run; delete it and try again`,
      };
    }
    const pod = await podOf(client, { namespace: jobNamespace, name, signal });
    const log = pod ? await readLog(client, pod, step, signal) : NO_LOG;
    const news = { events: log.events, detail: log.detail };
    if (hasCondition(job, 'Failed')) {
      return { ...news, state: 'failed', message: failureOf(job, log.lines) };
    }
    if (hasCondition(job, 'Complete')) {
      return { ...(await proof(client, step, signal, true)), ...news };
    }
    const problem = pod && problemOf(pod);
    return {
      ...news,
      state: 'moving',
      message:
        problem ??
        log.lines.at(-1) ??
        `Job ${jobNamespace}/${name} is starting`,
    };
  }

  intend(step: Step, run: Run): Record<string, unknown> {
    return { job: helmJobName(run, step) };
  }

  async act(
    step: Step,
    run: Run,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    assertMode(this.#clusters, step.cluster, 'full');
    const { jobNamespace } = parametersOf(step);
    try {
      await clientFor(this.#clusters, step.cluster).create(
        { ...JOBS, namespace: jobNamespace },
        helmJob(run, String(step.intent!.job), step),
        { fieldManager: 'mesh-upgrade', signal },
      );
    } catch (error) {
      if (isKubernetesError(error) && error.status === 404) {
        throw new NotFoundError(
          `${error.message}. Create namespace ${jobNamespace} with the service account of the Jobs: kubectl apply -f deploy/full.yaml`,
          error,
        );
      }
      // Its name is this step's alone: it was created before.
      if (!isKubernetesError(error) || error.reason !== 'AlreadyExists') {
        throw error;
      }
    }
  }

  /** Before the Job was created, or after somebody deleted it. */
  async #withoutJob(
    client: KubernetesClient,
    step: Step,
    signal: AbortSignal,
  ): Promise<StepObservation> {
    const seen = await proof(client, step, signal, false);
    if (seen.state !== 'wanting' || step.track.acts === 0) {
      return seen;
    }
    return {
      state: 'failed',
      message: `The Job was deleted before its outcome was seen. ${seen.message}`,
    };
  }
}

/** Judges by the release and by istiod itself, whatever helm said. */
async function proof(
  client: KubernetesClient,
  step: Step,
  signal: AbortSignal,
  jobSucceeded: boolean,
): Promise<StepObservation> {
  const { release, namespace, version, deployment } = parametersOf(step);
  const [deployed] = await deployedReleases(client, {
    namespace,
    name: release,
    signal,
  });
  if (deployed?.chart.version !== version) {
    const message = `Release ${namespace}/${release} is at chart version ${
      deployed?.chart.version ?? 'unknown'
    }`;
    return jobSucceeded
      ? {
          state: 'failed',
          message: `helm reported success, but: ${message}, expected ${version}`,
        }
      : { state: 'wanting', message };
  }
  if (!deployment) {
    return {
      state: 'done',
      message: `Release ${namespace}/${release} is deployed with chart version ${version}`,
    };
  }
  const rollout = await observeControlPlane(client, {
    namespace,
    name: deployment,
    version,
    signal,
  });
  const { complete, failure, message, progress } = rollout;
  if (failure) {
    return { state: 'failed', message: failure, progress };
  }
  return { state: complete ? 'done' : 'moving', message, progress };
}

async function podOf(
  client: KubernetesClient,
  options: { namespace: string; name: string; signal: AbortSignal },
): Promise<Pod | undefined> {
  const pods = await listAll<Pod>(client, PODS, {
    namespace: options.namespace,
    labelSelector: `job-name=${options.name}`,
    signal: options.signal,
  });
  return pods[0];
}

/** The whole log, and as events what was not passed on before. */
async function readLog(
  client: KubernetesClient,
  pod: Pod,
  step: Step,
  signal: AbortSignal,
): Promise<JobLog> {
  let text: string;
  try {
    text = await client.podLog(
      {
        namespace: pod.metadata.namespace!,
        name: pod.metadata.name,
        container: 'run',
      },
      { signal },
    );
  } catch (error) {
    // 400: the container has not started. Whatever else it is, the outcome
    // does not depend on the log; a missing log must not fail an upgrade.
    const lines = [`The log cannot be read: ${toError(error).message}`];
    return pod.status?.phase === 'Pending' ? NO_LOG : { lines };
  }
  const lines = text.split('\n').filter(Boolean).map(maskSecrets);
  const known = Number(step.detail?.lines ?? 0);
  const fresh = lines.slice(known, known + LINES_PER_LOOK);
  return {
    lines,
    events: fresh.map(message => ({ level: 'info', message })),
    detail: { lines: known + fresh.length },
  };
}

function failureOf(job: Job, lines: string[]): string {
  const condition = job.status?.conditions?.find(
    ({ type, status }) => type === 'Failed' && status === 'True',
  );
  const last = lines.slice(-LAST_LINES).join('\n');
  return last
    ? `helm failed: ${last}`
    : `The Job failed: ${condition?.reason}: ${condition?.message}`;
}

function hasCondition(job: Job, type: string): boolean {
  return Boolean(
    job.status?.conditions?.some(c => c.type === type && c.status === 'True'),
  );
}

function parametersOf(step: Step): HelmJobParameters {
  return step.parameters as HelmJobParameters;
}
