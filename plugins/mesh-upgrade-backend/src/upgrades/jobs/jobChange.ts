import { NotFoundError } from '@backstage/errors';
import type { KubernetesClient } from '../../clusters/types';
import { listAll } from '../../clusters/listAll';
import { problemOf } from '../../kubernetes/pods';
import { JOBS, PODS, type Job, type Pod } from '../../kubernetes/types';
import { isKubernetesError } from '../engine/stepFailure';
import { orUndefined } from '../../clusters/notFound';
import type { Change } from '../actuators/ChangeActuator';
import type { Step, StepObservation } from '../types';
import { commandJob, jobName, RUN_ANNOTATION } from './commandJob';
import { imageTroubleOf, isHopeless, type ImageTrouble } from './imageTrouble';
import { NO_LOG, readLog } from './jobLog';
import type { JobTask } from './JobTask';

const LAST_LINES = 5;

/** Runs a program by a Job in the cluster it changes, and proves what came of it. */
export function jobChange(task: JobTask): Change {
  return {
    action: task.action,
    mode: 'full',
    async observe(client, step, { run, signal, now }) {
      const { namespace } = task.job(step, run);
      const name = String(step.intent!.job);
      const job = await orUndefined(
        client.get<Job>({ ...JOBS, namespace, name }, { signal }),
      );
      if (!job) {
        return withoutJob(task, client, step, signal);
      }
      if (job.metadata.annotations?.[RUN_ANNOTATION] !== run.id) {
        return {
          state: 'failed',
          message: `Job ${namespace}/${name} belongs to another run; delete it and try again`,
        };
      }
      const pod = await podOf(client, { namespace, name, signal });
      const log = pod ? await readLog(client, pod, step, signal) : NO_LOG;
      const image = imageTroubleOf(
        pod,
        step.detail?.image as ImageTrouble | undefined,
        now,
      );
      const news = {
        events: log.events,
        detail: { ...step.detail, ...log.detail, image },
      };
      if (hasCondition(job, 'Failed')) {
        const rolled = await task.watch?.(client, step, { signal });
        return {
          ...news,
          state: 'failed',
          message: [failureOf(task, job, log.lines), rolled?.problem]
            .filter(Boolean)
            .join('\n'),
        };
      }
      if (hasCondition(job, 'Complete')) {
        const proof = await task.prove(client, step, {
          signal,
          programSucceeded: true,
        });
        return { ...proof, ...news };
      }
      if (image && isHopeless(image, now)) {
        return {
          ...news,
          state: 'failed',
          message: `The image of Job ${namespace}/${name} cannot be pulled: ${image.words}. Correct the image under meshUpgrade.upgrades or see that the nodes reach its registry; kubectl delete job -n ${namespace} ${name} keeps the Job from starting until its deadline`,
        };
      }
      const rolled = await task.watch?.(client, step, { signal });
      const problem =
        image?.words ?? (pod && problemOf(pod)) ?? rolled?.problem;
      return {
        ...news,
        state: 'moving',
        problem,
        progress: rolled?.progress,
        message:
          problem ?? log.lines.at(-1) ?? `Job ${namespace}/${name} is starting`,
      };
    },

    intend(step, run) {
      return { job: jobName(run, step, task.suffix(step)) };
    },

    async act(client, step, { run, signal }) {
      const job = task.job(step, run);
      const { namespace } = job;
      try {
        await client.create(
          { ...JOBS, namespace },
          commandJob(run, String(step.intent!.job), job),
          { fieldManager: 'mesh-upgrade', signal },
        );
      } catch (error) {
        if (isKubernetesError(error) && error.status === 404) {
          throw new NotFoundError(
            `${error.message}. Create namespace ${namespace} with the service account of the Jobs: kubectl apply -f deploy/full.yaml`,
            error,
          );
        }
        // Its name is this step's alone: it was created before.
        if (!isKubernetesError(error) || error.reason !== 'AlreadyExists') {
          throw error;
        }
      }
    },
  };
}

/** Before the Job was created, or after somebody deleted it. */
async function withoutJob(
  task: JobTask,
  client: KubernetesClient,
  step: Step,
  signal: AbortSignal,
): Promise<StepObservation> {
  const seen = await task.prove(client, step, {
    signal,
    programSucceeded: false,
  });
  if (seen.state !== 'wanting' || step.track.acts === 0) {
    return seen;
  }
  return {
    state: 'failed',
    message: `The Job was deleted before its outcome was seen. ${seen.message}`,
  };
}

function failureOf({ program }: JobTask, job: Job, lines: string[]): string {
  const condition = job.status?.conditions?.find(
    ({ type, status }) => type === 'Failed' && status === 'True',
  );
  const last = lines.slice(-LAST_LINES).join('\n');
  return last
    ? `${program} failed: ${last}`
    : `The Job failed: ${condition?.reason}: ${condition?.message}`;
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

function hasCondition(job: Job, type: string): boolean {
  return Boolean(
    job.status?.conditions?.some(c => c.type === type && c.status === 'True'),
  );
}
