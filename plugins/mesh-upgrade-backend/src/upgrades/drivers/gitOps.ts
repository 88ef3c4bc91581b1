import { InputError } from '@backstage/errors';
import type { KubernetesObject } from '../../clusters/types';
import { gitOpsOwner, nameOfOwner } from '../../gitops/gitOpsOwner';
import { formatPin } from '../../helm/pinnedTags';
import { argoSources, APPLICATIONS } from '../gitops/argoSources';
import { fluxSources, HELM_RELEASES } from '../gitops/fluxSources';
import {
  GITOPS_SOURCE_ACTION,
  versionPatch,
  type SourceParameters,
} from '../gitops/SourceActuator';
import { describePath, type VersionSource } from '../gitops/VersionSource';
import { previewPatch } from '../preview/previewPatch';
import { planManually } from './manual';
import { right } from './right';
import type { ControlPlaneDriver, DriverInput, DriverPlan } from './types';

const TOOLS = {
  flux: { name: 'Flux', resource: HELM_RELEASES },
  argocd: { name: 'Argo CD', resource: APPLICATIONS },
} as const;

/**
 * Control planes that Flux or Argo CD installs from Istio's charts: the version
 * is changed where the tool reads it. What Git keeps is changed by a person in
 * Git; the run shows the change and waits for it.
 */
export function createGitOpsDriver(
  method: 'flux' | 'argocd',
): ControlPlaneDriver {
  const { name: tool, resource } = TOOLS[method];
  return {
    method,
    rights: () => [
      right('list', resource, `to find what ${tool} installs istiod from`),
      right('get', resource, `to follow ${tool}`),
      right('patch', resource, 'to change the version where Git does not'),
    ],
    async plan(input) {
      const sources = await sourcesOf(method, input);
      if (sources.length === 0) {
        return planElsewhere(input, method);
      }
      const plan: DriverPlan = { changes: [], steps: [] };
      for (const source of sources) {
        await addSource(plan, source, input, method);
      }
      return plan;
    },
  };
}

/** The version is where nobody sees it from here: in files of Git, or in the cluster of a tool that serves many. */
function planElsewhere(
  { controlPlane, deployment, targetVersion }: DriverInput,
  method: 'flux' | 'argocd',
): DriverPlan {
  const tool = TOOLS[method].name;
  const owner = gitOpsOwner(deployment.metadata);
  const keeper = owner?.tool === method ? nameOfOwner(owner) : tool;
  return planManually(controlPlane, targetVersion, {
    what: `Set version ${targetVersion} of the charts base and istiod where ${keeper} reads it, in Git or in the cluster that ${tool} runs in; this cluster does not show it.`,
    commands: [],
  });
}

async function sourcesOf(
  method: 'flux' | 'argocd',
  { client, controlPlane, deployment, signal }: DriverInput,
): Promise<VersionSource[]> {
  const owner = gitOpsOwner(deployment.metadata);
  if (owner?.tool !== method) {
    return [];
  }
  if (method === 'argocd') {
    return argoSources(client, { name: owner.name, signal });
  }
  return owner.kind === 'HelmRelease'
    ? fluxSources(client, {
        name: owner.name,
        namespace: owner.namespace ?? controlPlane.namespace,
        signal,
      })
    : [];
}

async function addSource(
  plan: DriverPlan,
  source: VersionSource,
  { client, controlPlane, targetVersion, signal }: DriverInput,
  tool: 'flux' | 'argocd',
): Promise<void> {
  const { cluster, namespace, name } = controlPlane;
  const { chart, title, ref, path, value, status, keeper } = source;
  const isIstiod = chart !== 'base';
  const [pin] = source.pins;
  if (isIstiod && pin) {
    throw new InputError(
      `Cluster '${cluster}', ${title} pins the image by a value (${formatPin(
        pin,
      )}), so that another chart version would not change it; remove the pin first`,
    );
  }
  if (value === targetVersion && source.installed && !isIstiod) {
    return;
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
    ...(isIstiod && { istiod: { namespace, name } }),
  };
  plan.steps.push({
    phase: 'upgrade',
    title: isIstiod ? name : chart,
    cluster,
    action: GITOPS_SOURCE_ACTION,
    parameters,
  });
  const field = describePath(path);
  const effect = isIstiod
    ? `${TOOLS[tool].name} rolls Deployment ${namespace}/${name}; no workload restarts`
    : `${TOOLS[tool].name} updates Istio's CRDs`;
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
