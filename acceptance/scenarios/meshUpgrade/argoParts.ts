import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { World } from '../../World';
import { poll } from '../../../scripts/lib/poll.mjs';
import { create } from '../inventory/fleet/create';
import { clusterOf } from './clusterState';
import { BY_ARGO, ISTIO } from './facts';

const run = promisify(execFile);

const NAMESPACE = 'argocd';
const APPLICATIONS = `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/applications`;

/** What Argo CD's Applications of Istio are called, in the order in which they are upgraded. */
export const APPLICATION_NAMES = ['istio-base', 'istiod', 'istio-cni'];

export interface Application {
  metadata: { labels?: Record<string, string> };
  spec: { source: { targetRevision: string } };
  status?: {
    sync?: { status?: string };
    health?: { status?: string };
    operationState?: {
      phase: string;
      operation: {
        initiatedBy?: { username?: string };
        sync: { syncOptions?: string[] };
      };
    };
  };
}

export function applicationOf(
  world: World,
  name: string,
): Promise<Application> {
  return clusterOf(world, BY_ARGO).get(`${APPLICATIONS}/${name}`);
}

/** The image of Istio's CNI, which pods of every node run. */
export async function cniImage(world: World): Promise<string> {
  const { spec, status } = await clusterOf(world, BY_ARGO).get<{
    spec: { template: { spec: { containers: { image: string }[] } } };
    status: { updatedNumberScheduled: number; desiredNumberScheduled: number };
  }>(`/apis/apps/v1/namespaces/${ISTIO}/daemonsets/istio-cni-node`);
  assert.equal(status.updatedNumberScheduled, status.desiredNumberScheduled);
  return spec.template.spec.containers[0].image;
}

/** What Argo CD is told to install, by Application. */
export async function wantedOfArgo(world: World): Promise<string[]> {
  const applications = await Promise.all(
    APPLICATION_NAMES.map(name => applicationOf(world, name)),
  );
  return applications.map(({ spec }) => spec.source.targetRevision);
}

/** A parent Application keeps them from now on, as they are in Git, and undoes every other change. */
export async function keepApplicationsInGit(world: World): Promise<void> {
  await create(clusterOf(world, BY_ARGO), {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'meshes', namespace: NAMESPACE },
    spec: {
      project: 'default',
      source: {
        repoURL: await repositoryUrl(world),
        path: 'applications',
        targetRevision: 'main',
      },
      destination: {
        server: 'https://kubernetes.default.svc',
        namespace: NAMESPACE,
      },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  });
  await poll(
    async () => {
      const { status } = await applicationOf(world, 'meshes');
      return status?.sync?.status === 'Synced' || undefined;
    },
    { timeoutMs: 60_000, intervalMs: 200, what: 'the parent to be synced' },
  );
}

/** Sets the version of all charts in the Git repository. */
export async function commitVersion(
  world: World,
  version: string,
): Promise<void> {
  const repository = fileURLToPath(await repositoryUrl(world));
  for (const name of APPLICATION_NAMES) {
    const file = join(repository, 'applications', `${name}.json`);
    const application: Application = JSON.parse(await readFile(file, 'utf8'));
    application.spec.source.targetRevision = version;
    await writeFile(file, JSON.stringify(application, undefined, 2));
  }
  await run('git', [
    ...['-C', repository, '-c', 'user.name=acceptance'],
    ...['-c', 'user.email=acceptance@localhost'],
    ...['commit', '--quiet', '--all', '--message', `Istio ${version}`],
  ]);
}

/** What the button of that name does: a chart that was missing several times is not looked for again before. */
export async function hardRefresh(world: World, name: string): Promise<void> {
  await clusterOf(world, BY_ARGO).patch(`${APPLICATIONS}/${name}`, {
    metadata: { annotations: { 'argocd.argoproj.io/refresh': 'hard' } },
  });
}

/** Of the repository that Argo CD knows, which is a folder of this machine. */
async function repositoryUrl(world: World): Promise<string> {
  const { data } = await clusterOf(world, BY_ARGO).get<{
    data: { url: string };
  }>(`/api/v1/namespaces/${NAMESPACE}/secrets/repository-applications`);
  return Buffer.from(data.url, 'base64').toString();
}
