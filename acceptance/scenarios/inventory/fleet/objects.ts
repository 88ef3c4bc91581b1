import type { KubeObject, PodTemplate } from '../reader/types';

type Labels = Record<string, string>;

/** What of a workload differs from the plain one. */
export interface Variation {
  replicas?: number;
  labels?: Labels;
  templateLabels?: Labels;
  templateAnnotations?: Labels;
  annotations?: Labels;
  podSpec?: object;
  spec?: object;
}

export function namespace(name: string, labels: Labels = {}): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** The pods of `app` and nothing special. */
export function template(
  app: string,
  { templateLabels, templateAnnotations, podSpec }: Variation = {},
): PodTemplate {
  return {
    metadata: {
      labels: { app, ...templateLabels },
      annotations: { ...templateAnnotations },
    },
    spec: {
      containers: [
        {
          name: 'app',
          image: `example.com/${app}:1.0.0`,
          resources: { requests: { cpu: '20m', memory: '32Mi' } },
        },
      ],
      ...podSpec,
    },
  };
}

/** Any kind that has `replicas`, a selector and a template. */
export function workload(
  [apiVersion, kind]: readonly [string, string],
  place: string,
  variation: Variation = {},
): object {
  const [space, name] = place.split('/');
  const matchLabels = { app: name };
  return {
    apiVersion,
    kind,
    metadata: {
      namespace: space,
      name,
      labels: { app: name, ...variation.labels },
      annotations: { ...variation.annotations },
    },
    spec: {
      replicas: variation.replicas ?? 1,
      selector:
        kind === 'ReplicationController' ? matchLabels : { matchLabels },
      template: template(name, variation),
      ...variation.spec,
    },
  };
}

export const DEPLOYMENT = ['apps/v1', 'Deployment'] as const;

/** Selects by `selector`; without one its addresses would be written by hand. */
export function service(place: string, selector?: Labels): object {
  const [space, name] = place.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: space, name },
    spec: { ...(selector && { selector }), ports: [{ port: 80 }] },
  };
}

/** The same with `owner` as its controller. */
export function controlledBy(owner: KubeObject, object: object): object {
  const { metadata, ...rest } = object as KubeObject;
  return {
    ...rest,
    metadata: {
      ...metadata,
      ownerReferences: [
        {
          apiVersion: owner.apiVersion,
          kind: owner.kind,
          name: owner.metadata.name,
          uid: owner.metadata.uid,
          controller: true,
        },
      ],
    },
  };
}

/** A pod of its own, from the template that a workload of that name would have. */
export function pod(
  place: string,
  variation: Variation & { app?: string } = {},
): object {
  const [space, name] = place.split('/');
  const { metadata, spec } = template(variation.app ?? name, variation);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: space, name, ...metadata },
    spec,
  };
}
