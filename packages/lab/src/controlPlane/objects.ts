import { stringify } from 'yaml';
import type {
  ConfigMap,
  Deployment,
  Draft,
  HorizontalPodAutoscaler,
  IstioValues,
  OwnerReference,
  PodDisruptionBudget,
  Service,
  StringMap,
  WebhookConfiguration,
} from '../kubernetes/types';
import {
  injectorConfigMapName,
  ISTIO_NAMESPACE,
  istiodName,
  meshConfigMapName,
} from './names';
import { injectorWebhooks } from './webhooks';

/** What decides about the objects of an installed control plane. */
export interface ControlPlane {
  /** `default` for the revision without a name. */
  revision: string;
  /** The version of the chart, such as `1.30.3`. */
  chartVersion: string;
  /** Merged values; `global.tag` and `global.hub` are set. */
  values: IstioValues;
  /** The Helm release that the objects name as theirs. */
  release: string;
  replicas: number;
  /** Set when an operator owns the objects. */
  owner?: OwnerReference;
  /** istioctl and Argo CD leave other marks than Helm. */
  installer?: 'istioctl' | 'argocd';
  /** The image of istiod in place of the one that hub and tag make. */
  image?: string;
}

export interface ControlPlaneObjects {
  deployment: Draft<Deployment>;
  injectorConfig: Draft<ConfigMap>;
  meshConfig: Draft<ConfigMap>;
  service: Draft<Service>;
  disruptionBudget: Draft<PodDisruptionBudget>;
  /** Absent when the values switch it off. */
  autoscaler?: Draft<HorizontalPodAutoscaler>;
  webhooks: Draft<WebhookConfiguration>;
  validator: Draft<WebhookConfiguration>;
}

/** The objects that the `istiod` chart would render. */
export function controlPlaneObjects(plane: ControlPlane): ControlPlaneObjects {
  const { revision } = plane;
  const labels = commonLabels(plane);
  const annotations: StringMap =
    plane.installer !== undefined
      ? {}
      : {
          'meta.helm.sh/release-name': plane.release,
          'meta.helm.sh/release-namespace': ISTIO_NAMESPACE,
        };
  const metadata = (name: string, more: StringMap = {}) => ({
    name,
    namespace: ISTIO_NAMESPACE,
    labels: { ...labels, ...more },
    annotations,
    ...(plane.owner && { ownerReferences: [plane.owner] }),
  });
  const clusterMetadata = (name: string, more: StringMap) => {
    const { namespace, ...rest } = metadata(name, more);
    return rest;
  };
  const webhooks = injectorWebhooks(revision, {
    labels,
    enableNamespacesByDefault: enablesByDefault(plane.values),
  });
  return {
    deployment: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(istiodName(revision), {
        app: 'istiod',
        istio: 'pilot',
      }),
      spec: istiodSpec(plane),
    },
    injectorConfig: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(injectorConfigMapName(revision)),
      data: {
        values: JSON.stringify(
          {
            ...plane.values,
            revision: revision === 'default' ? '' : revision,
          },
          undefined,
          2,
        ),
        config: 'defaultTemplates: [sidecar]\npolicy: enabled\n',
      },
    },
    meshConfig: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(meshConfigMapName(revision)),
      data: {
        mesh: stringify({
          accessLogFile: '/dev/stdout',
          defaultConfig: {
            discoveryAddress: `${istiodName(revision)}.istio-system.svc:15012`,
            meshId: plane.values.global?.meshID,
          },
          rootNamespace: ISTIO_NAMESPACE,
          trustDomain: 'cluster.local',
          ...plane.values.meshConfig,
        }),
        meshNetworks: 'networks: {}',
      },
    },
    service: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(istiodName(revision), {
        app: 'istiod',
        istio: 'pilot',
      }),
      spec: {
        selector: { app: 'istiod', 'istio.io/rev': revision },
        ports: [
          { name: 'grpc-xds', port: 15010 },
          { name: 'https-dns', port: 15012 },
          { name: 'https-webhook', port: 443, targetPort: 15017 },
          { name: 'http-monitoring', port: 15014 },
        ],
        type: 'ClusterIP',
      },
    },
    disruptionBudget: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata(istiodName(revision), {
        app: 'istiod',
        istio: 'pilot',
      }),
      spec: {
        minAvailable: 1,
        selector: {
          matchLabels: { app: 'istiod', 'istio.io/rev': revision },
        },
      },
    },
    ...(isAutoscaled(plane.values) && {
      autoscaler: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: metadata(istiodName(revision), {
          app: 'istiod',
          istio: 'pilot',
        }),
        spec: autoscalerSpec(plane),
      },
    }),
    webhooks: {
      ...webhooks,
      metadata: {
        ...webhooks.metadata,
        annotations,
        ...(plane.owner && { ownerReferences: [plane.owner] }),
      },
    },
    validator: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: clusterMetadata(
        revision === 'default'
          ? 'istio-validator-istio-system'
          : `istio-validator-${revision}-istio-system`,
        { app: 'istiod', istio: 'istiod' },
      ),
      webhooks: [
        {
          name: 'rev.validation.istio.io',
          clientConfig: {
            service: {
              name: istiodName(revision),
              namespace: ISTIO_NAMESPACE,
              path: '/validate',
            },
          },
          objectSelector: {
            matchExpressions: [
              { key: 'istio.io/rev', operator: 'In', values: [revision] },
            ],
          },
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    },
  };
}

function enablesByDefault(values: IstioValues): boolean {
  const webhook = (values as Record<string, unknown>).sidecarInjectorWebhook as
    | { enableNamespacesByDefault?: boolean }
    | undefined;
  return webhook?.enableNamespacesByDefault === true;
}

function isAutoscaled({ pilot }: IstioValues): boolean {
  return pilot?.autoscaleEnabled !== false;
}

/** As the chart has it, but never fewer than run: the lab scales nothing by itself. */
function autoscalerSpec({
  revision,
  replicas,
  values: { pilot },
}: ControlPlane): HorizontalPodAutoscaler['spec'] {
  const least = Number(pilot?.autoscaleMin ?? 1);
  return {
    minReplicas: Math.max(least, replicas),
    maxReplicas: Number(pilot?.autoscaleMax ?? 5),
    scaleTargetRef: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: istiodName(revision),
    },
    metrics: [
      {
        type: 'Resource',
        resource: {
          name: 'cpu',
          target: { type: 'Utilization', averageUtilization: 80 },
        },
      },
    ],
  };
}

function commonLabels(plane: ControlPlane): StringMap {
  return {
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/name': 'istiod',
    'app.kubernetes.io/part-of': 'istio',
    'app.kubernetes.io/version': plane.chartVersion,
    'helm.sh/chart': `istiod-${plane.chartVersion}`,
    'istio.io/rev': plane.revision,
    'operator.istio.io/component': 'Pilot',
    release: plane.release,
    ...(plane.installer === 'istioctl' && {
      'install.operator.istio.io/owning-resource': 'unknown',
      'install.operator.istio.io/owning-resource-namespace': ISTIO_NAMESPACE,
      'operator.istio.io/managed': 'Reconcile',
      'operator.istio.io/version': plane.chartVersion,
    }),
    ...(plane.owner && { 'managed-by': 'sail-operator' }),
  };
}

/** The variables that the users of a mesh set themselves. */
function userEnvironment({ pilot }: IstioValues) {
  const env = (pilot?.env ?? {}) as Record<string, unknown>;
  return Object.entries(env).map(([name, value]) => ({
    name,
    value: String(value),
  }));
}

function istiodSpec(plane: ControlPlane): Deployment['spec'] {
  const { hub, tag, variant, meshID, multiCluster } = plane.values.global ?? {};
  const labels = {
    app: 'istiod',
    istio: 'pilot',
    'istio.io/rev': plane.revision,
  };
  return {
    replicas: plane.replicas,
    selector: { matchLabels: labels },
    strategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '100%', maxUnavailable: '25%' },
    },
    template: {
      metadata: {
        labels: {
          ...labels,
          'app.kubernetes.io/name': 'istiod',
          'operator.istio.io/component': 'Pilot',
          'istio.io/dataplane-mode': 'none',
          'sidecar.istio.io/inject': 'false',
        },
        annotations: {
          'prometheus.io/port': '15014',
          'prometheus.io/scrape': 'true',
          'sidecar.istio.io/inject': 'false',
        },
      },
      spec: {
        serviceAccountName: istiodName(plane.revision),
        containers: [
          {
            name: 'discovery',
            image:
              plane.image ??
              `${hub}/pilot:${tag}${variant ? `-${variant}` : ''}`,
            args: ['discovery', '--monitoringAddr=:15014'],
            env: [
              { name: 'REVISION', value: plane.revision },
              { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
              { name: 'CLUSTER_ID', value: multiCluster?.clusterName },
              { name: 'MESH_ID', value: meshID },
              ...userEnvironment(plane.values),
            ],
            ports: [
              { name: 'http-debug', containerPort: 8080 },
              { name: 'grpc-xds', containerPort: 15010 },
              { name: 'tls-xds', containerPort: 15012 },
              { name: 'https-webhooks', containerPort: 15017 },
              { name: 'http-monitoring', containerPort: 15014 },
            ],
            resources: { requests: { cpu: '500m', memory: '2048Mi' } },
            readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
          },
        ],
      },
    },
  };
}
