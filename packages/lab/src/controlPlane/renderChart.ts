import type { Cluster } from '../cluster/Cluster';
import { DEPLOYMENTS } from '../kubernetes/resources';
import type { IstioValues } from '../kubernetes/types';
import type { Marks } from '../operators/charts/marks';
import { applyControlPlane } from './applyControlPlane';
import { ISTIO_NAMESPACE, istiodName } from './names';
import {
  applyNodeAgent,
  findNodeAgent,
  hubOfAgent,
  type NodeAgentKind,
} from './nodeAgents';

/** A chart with the values a user gave. */
export interface RenderedChart {
  chart: string;
  release: string;
  namespace: string;
  version: string;
  values: IstioValues;
  marks?: Marks;
}

/** How many istiods run where nobody said how many. */
const NEW_REPLICAS = 1;

/** Applies what a chart of Istio renders; the lab needs nothing of `base`. */
export function renderChart(cluster: Cluster, rendered: RenderedChart) {
  switch (rendered.chart) {
    case 'istiod':
      renderIstiod(cluster, rendered);
      break;
    case 'cni':
    case 'ztunnel':
      renderNodeAgent(cluster, rendered, rendered.chart);
      break;
    default:
  }
}

/** A tag or hub that the user's values pin beats the chart's own. */
function renderIstiod(
  cluster: Cluster,
  { release, version, values, marks = {} }: RenderedChart,
) {
  const revision = values.revision || 'default';
  const istiod = cluster.store.get(
    DEPLOYMENTS,
    ISTIO_NAMESPACE,
    istiodName(revision),
  );
  const replicas = Number(values.pilot?.replicaCount ?? NEW_REPLICAS);
  applyControlPlane(
    cluster,
    {
      revision,
      chartVersion: version,
      values: {
        ...values,
        global: {
          hub: hubOfControlPlane(cluster),
          tag: version,
          istioNamespace: ISTIO_NAMESPACE,
          ...values.global,
          proxy: { image: 'proxyv2', ...values.global?.proxy },
        },
      },
      release,
      replicas: istiod?.spec.replicas ?? replicas,
      ...(marks.owner && { owner: marks.owner }),
      ...(marks.application && { installer: 'argocd' }),
    },
    marks,
  );
}

/** The hub stays the one that is installed; a new agent takes the control plane's. */
function renderNodeAgent(
  cluster: Cluster,
  { release, namespace, version, values, marks = {} }: RenderedChart,
  kind: NodeAgentKind,
) {
  const installed = findNodeAgent(cluster, kind);
  const { cni, global } = values;
  applyNodeAgent(
    cluster,
    {
      kind,
      release,
      namespace,
      version: cni?.tag ?? values.tag ?? global?.tag ?? version,
      hub:
        cni?.hub ??
        values.hub ??
        global?.hub ??
        (installed ? hubOfAgent(installed) : hubOfControlPlane(cluster)),
      ...(marks.owner && { owner: marks.owner }),
      ...(marks.application && { installer: 'argocd' }),
    },
    marks,
  );
}

function hubOfControlPlane(cluster: Cluster): string {
  const [istiod] = cluster.store
    .list(DEPLOYMENTS, ISTIO_NAMESPACE)
    .filter(({ metadata }) => metadata.labels?.app === 'istiod');
  return (
    istiod?.spec.template.spec.containers[0].image.replace(
      /\/pilot[:@].*$/,
      '',
    ) ?? ''
  );
}
