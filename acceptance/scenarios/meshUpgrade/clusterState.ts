import assert from 'node:assert/strict';
import type { ClusterAccess, ClusterTools } from '../../ClusterAccess';
import type { World } from '../../World';
import { parseMessages } from '../checks/istioMessages';
import { ISTIO, JOBS } from './facts';

const RUN = 'mesh-upgrade.io/run';
export const ISTIOD = `/apis/apps/v1/namespaces/${ISTIO}/deployments/istiod`;
const JOB_OBJECTS = `/apis/batch/v1/namespaces/${JOBS}/jobs`;

export interface Deployment {
  metadata: { generation: number };
  spec: {
    replicas: number;
    template: { spec: { containers: { name: string; image: string }[] } };
  };
}

interface Job {
  metadata: { name: string; annotations?: Record<string, string> };
}

interface InjectedPod {
  spec: Record<
    'containers' | 'initContainers',
    { name: string; image: string }[] | undefined
  >;
}

export function clusterOf({ clusters }: World, name: string): ClusterAccess {
  const cluster = clusters.find(one => one.name === name);
  assert(cluster, `there is no cluster ${name}`);
  return cluster;
}

/** @throws AssertionError on a cluster without the programs of an administrator. */
export function toolsOf(world: World, name: string): ClusterTools {
  const { tools } = clusterOf(world, name);
  assert(tools, `${name} is no real cluster: play this on the testbed`);
  return tools;
}

/** `host:port` of the registry that the images of istiod are from. */
export async function registryOf(cluster: ClusterAccess): Promise<string> {
  return (await istiodImage(cluster)).split('/')[0];
}

export async function istiodImage(cluster: ClusterAccess): Promise<string> {
  const { spec } = await cluster.get<Deployment>(ISTIOD);
  return spec.template.spec.containers[0].image;
}

/** What nothing may have changed where an upgrade did not begin: releases and istiod. */
export async function untouched(world: World, name: string): Promise<string> {
  const [{ metadata }, secrets] = await Promise.all([
    clusterOf(world, name).get<Deployment>(ISTIOD),
    clusterOf(world, name).get<{ items: { metadata: { name: string } }[] }>(
      `/api/v1/namespaces/${ISTIO}/secrets?labelSelector=owner%3Dhelm`,
    ),
  ]);
  return JSON.stringify({
    releases: secrets.items.map(one => one.metadata.name),
    generation: metadata.generation,
  });
}

/** The charts that helm calls deployed, e.g. `istiod-1.29.4`, whatever failed after them. */
export async function releases(
  world: World,
  name: string,
): Promise<(string | undefined)[]> {
  const histories = await Promise.all(
    ['istio-base', 'istiod'].map(release => history(world, name, release)),
  );
  return histories.map(
    revisions => revisions.find(({ status }) => status === 'deployed')?.chart,
  );
}

/** How often a release was installed or upgraded, whatever came of it. */
export async function history(
  world: World,
  name: string,
  release: string,
): Promise<{ status: string; chart: string }[]> {
  return JSON.parse(
    await toolsOf(world, name).helm(
      ...['history', release, '--namespace', ISTIO, '--output', 'json'],
    ),
  );
}

/** The values that a person gave to a release. */
export async function valuesOf(
  world: World,
  name: string,
  release: string,
): Promise<Record<string, unknown>> {
  return JSON.parse(
    await toolsOf(world, name).helm(
      ...['get', 'values', release, '--namespace', ISTIO, '--output', 'json'],
    ),
  );
}

/** What the settings of the testbed's installations do to the objects. */
export async function renderedSettings(cluster: ClusterAccess) {
  const [deployment, config, webhooks] = await Promise.all([
    cluster.get<Deployment>(ISTIOD),
    cluster.get<{ data: { mesh: string } }>(
      `/api/v1/namespaces/${ISTIO}/configmaps/istio`,
    ),
    cluster.get<{ webhooks: { clientConfig: { url?: string } }[] }>(
      '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector',
    ),
  ]);
  return {
    replicas: deployment.spec.replicas,
    accessLog: /accessLogFile: (\S+)/.exec(config.data.mesh)?.[1],
    injector: webhooks.webhooks[0].clientConfig.url,
  };
}

/** Codes of the messages that `istioctl x precheck` has; it prints none of them when it is content. */
export async function precheck(world: World, name: string): Promise<string[]> {
  const { istioctl } = toolsOf(world, name);
  const output = await istioctl(
    ...['experimental', 'precheck', '--output', 'json'],
  ).catch(error => {
    // It ends with a code of its own when it has something to say.
    if (parseMessages(error.stdout ?? '').length === 0) {
      throw error;
    }
    return error.stdout as string;
  });
  return [...new Set(parseMessages(output).map(({ code }) => code))].sort();
}

/** Creates a pod that wants a sidecar, and answers the proxy's image. */
export async function proxyOfNewPod(
  cluster: ClusterAccess,
  name: string,
): Promise<string | undefined> {
  const { spec } = await cluster.post<InjectedPod>(
    '/api/v1/namespaces/default/pods',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { 'sidecar.istio.io/inject': 'true' } },
      spec: { containers: [{ name: 'app', image: 'registry.k8s.io/pause' }] },
    },
  );
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].find(
    ({ name: container }) => container === 'istio-proxy',
  )?.image;
}

/** Names of the Jobs of a run on a cluster. */
export async function jobsOf(
  cluster: ClusterAccess,
  runId: string,
): Promise<string[]> {
  const { items } = await cluster.get<{ items: Job[] }>(JOB_OBJECTS);
  return items
    .filter(({ metadata }) => metadata.annotations?.[RUN] === runId)
    .map(({ metadata }) => metadata.name);
}

/** Deletes it with its pods, as kubectl does. */
export function deleteJob(cluster: ClusterAccess, name: string): Promise<void> {
  return cluster.delete(`${JOB_OBJECTS}/${name}?propagationPolicy=Background`);
}
