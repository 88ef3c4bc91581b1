import { InputError } from '@backstage/errors';
import type { KubernetesClient, KubernetesObject } from '../../clusters/types';
import {
  gitOpsOwner,
  nameOfOwner,
  type OwnedMetadata,
} from '../../gitops/gitOpsOwner';
import { formatPin } from '../../helm/pinnedTags';
import { argoSources, APPLICATIONS } from '../gitops/argoSources';
import { fluxSources, HELM_RELEASES } from '../gitops/fluxSources';
import {
  GITOPS_SOURCE_ACTION,
  versionPatch,
  type SourceParameters,
} from '../gitops/gitopsSource';
import {
  describePath,
  type FoundSources,
  type VersionSource,
} from '../gitops/VersionSource';
import { previewPatch } from '../preview/previewPatch';
import { planManually } from './manual';
import { right } from './right';
import type { ControlPlaneDriver, DriverInput, DriverPlan } from './types';

const TOOLS = {
  flux: { name: 'Flux', resource: HELM_RELEASES },
  argocd: { name: 'Argo CD', resource: APPLICATIONS },
} as const;

type Tool = keyof typeof TOOLS;

/**
 * Control planes and node agents that Flux or Argo CD installs from Istio's
 * charts: the version is changed where the tool reads it. What Git keeps is
 * changed by a person in Git; the run shows the change and waits for it.
 */
export function createGitOpsDriver(method: Tool): ControlPlaneDriver {
  const { name: tool, resource } = TOOLS[method];
  return {
    method,
    rights: () => [
      right('list', resource, `to find what ${tool} installs istiod from`),
      right('get', resource, `to follow ${tool}`),
      right('patch', resource, 'to change the version where Git does not'),
    ],
    async plan(input) {
      const { cluster, namespace, name } = input.controlPlane;
      const { own, around } = await find(method, {
        ...input,
        metadata: input.deployment.metadata,
        namespace,
      });
      const istiod = own.find(({ chart }) => chart === 'istiod');
      if (!istiod) {
        return planElsewhere(input, method);
      }
      const plan: DriverPlan = { changes: [], steps: [] };
      const options = { ...input, cluster, tool: method };
      const base = around.find(({ chart }) => chart === 'base');
      if (base && !(base.value === input.targetVersion && base.installed)) {
        await addSource(plan, base, options);
      }
      await addSource(plan, istiod, {
        ...options,
        rolls: { kind: 'Deployment', namespace, name },
      });
      return plan;
    },
    async planNodeAgent(input) {
      const { cluster, namespace, name, kind } = input.agent;
      const { own } = await find(method, {
        ...input,
        metadata: input.daemonSet.metadata,
        namespace,
      });
      const source = own.find(({ chart }) => chart === kind);
      const plan: DriverPlan = { changes: [], steps: [] };
      if (!source) {
        const workload = `${cluster}/${namespace}/DaemonSet/${name}`;
        const reason = `Set version ${input.targetVersion} where ${tool} reads it, in Git or in the cluster that it runs in; this cluster does not show it`;
        return { ...plan, skipped: [{ workload, reason }] };
      }
      await addSource(plan, source, {
        ...input,
        cluster,
        tool: method,
        rolls: { kind: 'DaemonSet', namespace, name },
      });
      return plan;
    },
  };
}

/** The version is where nobody sees it from here: in files of Git, or in the cluster of a tool that serves many. */
function planElsewhere(
  { controlPlane, deployment, targetVersion }: DriverInput,
  method: Tool,
): DriverPlan {
  const tool = TOOLS[method].name;
  const owner = gitOpsOwner(deployment.metadata);
  const keeper = owner?.tool === method ? nameOfOwner(owner) : tool;
  return planManually(controlPlane, targetVersion, {
    what: `Set version ${targetVersion} of the charts base and istiod where ${keeper} reads it, in Git or in the cluster that ${tool} runs in; this cluster does not show it.`,
    commands: [],
  });
}

async function find(
  method: Tool,
  options: {
    client: KubernetesClient;
    metadata: OwnedMetadata;
    /** Where a release is that does not say it. */
    namespace: string;
    signal: AbortSignal;
  },
): Promise<FoundSources> {
  const { client, metadata, namespace, signal } = options;
  const owner = gitOpsOwner(metadata);
  if (owner?.tool !== method) {
    return { own: [], around: [] };
  }
  const { name } = owner;
  if (method === 'argocd') {
    return argoSources(client, { name, signal });
  }
  return owner.kind === 'HelmRelease'
    ? fluxSources(client, {
        name,
        namespace: owner.namespace ?? namespace,
        signal,
      })
    : { own: [], around: [] };
}

async function addSource(
  plan: DriverPlan,
  source: VersionSource,
  options: {
    client: KubernetesClient;
    cluster: string;
    targetVersion: string;
    tool: Tool;
    rolls?: SourceParameters['rolls'];
    signal: AbortSignal;
  },
): Promise<void> {
  const { client, cluster, targetVersion, tool, rolls, signal } = options;
  const { chart, title, ref, path, value, status, keeper } = source;
  const [pin] = source.pins;
  if (rolls && pin) {
    throw new InputError(
      `Cluster '${cluster}', ${title} pins the image by a value (${formatPin(
        pin,
      )}), so that another chart version would not change it; remove the pin first`,
    );
  }
  const parameters: SourceParameters = {
    tool,
    title,
    ref,
    path,
    before: value,
    version: targetVersion,
    status,
    sync: source.sync,
    keeper,
    rolls,
  };
  plan.steps.push({
    phase: 'upgrade',
    title: rolls?.name ?? chart,
    cluster,
    action: GITOPS_SOURCE_ACTION,
    parameters,
  });
  const field = describePath(path);
  const effect = `${TOOLS[tool].name} ${effectOf(rolls)}`;
  plan.changes.push({
    cluster,
    object: title,
    before: `${field}: ${value ?? 'not set'}`,
    after: `${field}: ${targetVersion}`,
    effect:
      keeper && value !== targetVersion
        ? `Kept in Git by ${keeper}: make this change there, the run waits for it. ${effect}`
        : effect,
    ...(value !== targetVersion && {
      yaml: await previewPatch(
        client,
        {
          ref,
          object: await client.get<KubernetesObject>(ref, { signal }),
          patch: versionPatch(parameters),
        },
        signal,
      ),
    }),
  });
}

function effectOf(rolls: SourceParameters['rolls']): string {
  if (!rolls) {
    return "updates Istio's CRDs";
  }
  const { kind, namespace, name } = rolls;
  return kind === 'Deployment'
    ? `rolls Deployment ${namespace}/${name}; no workload restarts`
    : `rolls DaemonSet ${namespace}/${name} node by node`;
}
