import type { Container, PodTemplate, StringMap } from '../kubernetes/types';
import type { WorkloadBlueprint } from './blueprint';

/** Workloads without a component in the catalog are known by their own name. */
function appOf({ component, name }: WorkloadBlueprint): string {
  return component || name;
}

function labelsOf(workload: WorkloadBlueprint): StringMap {
  return {
    app: appOf(workload),
    'app.kubernetes.io/name': workload.name,
    ...(workload.component && {
      'backstage.io/kubernetes-id': workload.component,
    }),
    ...(workload.gateway && { istio: 'ingressgateway' }),
  };
}

export function metadataOf(workload: WorkloadBlueprint) {
  return {
    name: workload.name,
    namespace: workload.namespace,
    labels: labelsOf(workload),
  };
}

export function selectorOf(workload: WorkloadBlueprint) {
  return {
    matchLabels: {
      app: appOf(workload),
      'app.kubernetes.io/name': workload.name,
    },
  };
}

function annotationsOf(workload: WorkloadBlueprint): StringMap {
  return {
    ...(workload.plainSidecar && {
      'sidecar.istio.io/nativeSidecar': 'false',
    }),
    ...(workload.gateway && { 'inject.istio.io/templates': 'gateway' }),
    ...(workload.pinnedImage && {
      'sidecar.istio.io/proxyImage': workload.pinnedImage,
    }),
    ...workload.annotations,
  };
}

function containerOf(workload: WorkloadBlueprint): Container {
  return workload.gateway
    ? {
        name: 'istio-proxy',
        image: 'auto',
        ports: [
          { name: 'https', containerPort: 8443, protocol: 'TCP' },
          { name: 'http', containerPort: 8080, protocol: 'TCP' },
        ],
        resources: {
          requests: { cpu: '500m', memory: '256Mi' },
          limits: { cpu: '2', memory: '1Gi' },
        },
      }
    : {
        name: 'app',
        image: `registry.example.com/${appOf(workload)}/${workload.name}:2.4.1`,
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        resources: {
          requests: { cpu: '100m', memory: '128Mi' },
          limits: { memory: '256Mi' },
        },
      };
}

export function templateOf(workload: WorkloadBlueprint): PodTemplate {
  const annotations = annotationsOf(workload);
  return {
    metadata: {
      labels: {
        ...labelsOf(workload),
        ...(workload.excluded && { 'sidecar.istio.io/inject': 'false' }),
      },
      ...(Object.keys(annotations).length && { annotations }),
    },
    spec: {
      ...(workload.hostNetwork && { hostNetwork: true }),
      restartPolicy: 'Always',
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: 30,
      containers: [containerOf(workload)],
    },
  };
}

export function jobSpec(workload: WorkloadBlueprint) {
  const template = templateOf(workload);
  return {
    backoffLimit: 6,
    completions: 1,
    parallelism: 1,
    template: {
      ...template,
      spec: { ...template.spec, restartPolicy: 'Never' },
    },
  };
}
