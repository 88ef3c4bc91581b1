import {
  APPLICATIONS,
  DEPLOYMENTS,
  type Resource,
} from '../../kubernetes/resources';
import type { Application, ApplicationStatus } from '../../kubernetes/types';
import { applyManifest, isAsInGit } from '../git/applyManifest';
import { notRolledOut } from '../charts/rollout';
import type { Operator, OperatorCluster } from '../Operator';
import {
  compared,
  finishedOperation,
  isToSync,
  releaseOf,
  startedOperation,
} from './application';

const TRACKING = 'argocd.argoproj.io/tracking-id';
const RETRY_MS = 2000;
const LOOK_MS = 500;

/** Argo CD's application controller: compares, syncs when told or by itself, and judges health. */
export const applicationController: Operator<Application> = {
  maker: 'argocd',
  resource: APPLICATIONS,
  readsGit: true,
  concerns: (resource, { metadata }) =>
    metadata.annotations?.[TRACKING] !== undefined &&
    [APPLICATIONS, DEPLOYMENTS].includes(resource as Resource<never>),
  async reconcile(cluster, application) {
    const target = await targetOf(cluster, application);
    const now = cluster.now();
    if ('missing' in target) {
      await write(cluster, application, {
        ...compared(application, { status: 'Unknown' }),
        conditions: [
          {
            type: 'ComparisonError',
            message: target.missing,
            lastTransitionTime: now,
          },
        ],
      });
      return RETRY_MS;
    }
    const { revision, isSynced } = target;
    const status = compared(application, {
      status: isSynced ? 'Synced' : 'OutOfSync',
      revision,
    });
    if (!isToSync(application, { revision, isSynced })) {
      return judge(cluster, application, status);
    }
    await write(cluster, application, {
      ...status,
      ...startedOperation(application, { revision, now }),
    });
    let failure: string | undefined;
    await sync(cluster, application).catch(error => {
      failure = (error as Error).message;
    });
    const current = await cluster.update(APPLICATIONS, application, each => {
      const { operation, ...rest } = each;
      return rest;
    });
    await write(
      cluster,
      current,
      finishedOperation(current, { revision, failure, now: cluster.now() }),
    );
    return LOOK_MS;
  },
};

function write(
  cluster: OperatorCluster,
  application: Application,
  status: ApplicationStatus,
) {
  return cluster.writeStatus(APPLICATIONS, application, status);
}

/** Which revision an Application asks for, and whether the cluster is like it. */
async function targetOf(
  cluster: OperatorCluster,
  application: Application,
): Promise<{ missing: string } | { revision: string; isSynced: boolean }> {
  const release = releaseOf(application);
  if (release) {
    const { chart, url, version } = release;
    return (await cluster.charts.digest({ url, version })) === undefined
      ? {
          missing: `Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = error fetching chart: failed to fetch chart: ${chart}:${version}: not found`,
        }
      : { revision: version, isSynced: isLastSynced(application) };
  }
  const manifests = await cluster.git.manifests(
    application.spec.source.path ?? '',
  );
  const states = await Promise.all(
    manifests.map(manifest =>
      isAsInGit(cluster, manifest, marksOf(application)),
    ),
  );
  return {
    revision: await cluster.git.commit(),
    isSynced: states.every(Boolean),
  };
}

/** A chart is compared by what was last synced of it. */
function isLastSynced({ spec, status }: Application): boolean {
  const latest = status?.history?.at(-1);
  return JSON.stringify(latest?.source) === JSON.stringify(spec.source);
}

async function sync(
  cluster: OperatorCluster,
  application: Application,
): Promise<void> {
  const release = releaseOf(application);
  if (release) {
    await cluster.charts.upgrade(release);
    return;
  }
  const folder = application.spec.source.path ?? '';
  for (const manifest of await cluster.git.manifests(folder)) {
    await applyManifest(cluster, manifest, marksOf(application));
  }
}

function marksOf({ metadata }: Application) {
  return { application: metadata.name };
}

/** Health follows the rollout of what was synced. */
async function judge(
  cluster: OperatorCluster,
  application: Application,
  status: ApplicationStatus,
): Promise<number | undefined> {
  const release = releaseOf(application);
  const left = release && (await notRolledOut(cluster, release));
  await write(cluster, application, {
    ...status,
    health:
      left === undefined
        ? { status: 'Healthy' }
        : { status: 'Progressing', message: left },
  });
  return left === undefined ? undefined : LOOK_MS;
}
