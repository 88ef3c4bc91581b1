import type { KubernetesObject } from '../../clusters/types';
import type { InjectorConfigFact } from './types';

export type RawConfigMap = KubernetesObject & { data?: Record<string, string> };

const NAME = /^istio-sidecar-injector(?:-(?<revision>.+))?$/;

interface InjectorValues {
  global?: {
    hub?: string;
    tag?: string | number;
    variant?: string;
    meshID?: string;
    proxy?: { image?: string };
  };
}

/** Undefined for every ConfigMap that is not an injector's. */
export function projectInjectorConfig({
  metadata,
  data,
}: RawConfigMap): InjectorConfigFact | undefined {
  const match = NAME.exec(metadata.name);
  if (!match) {
    return undefined;
  }
  const global = readValues(data?.values).global;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    revision: match.groups?.revision ?? 'default',
    meshId: global?.meshID || undefined,
    image: injectedImage(global),
  };
}

function readValues(values: string | undefined): InjectorValues {
  try {
    const parsed: unknown = JSON.parse(values ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    // An unreadable configuration shows as an unknown desired version.
    return {};
  }
}

/** An image with a slash is complete already; istiod then uses neither hub nor tag. */
function injectedImage(global: InjectorValues['global']): string | undefined {
  const name = global?.proxy?.image || 'proxyv2';
  if (name.includes('/')) {
    return name;
  }
  if (!global?.hub || global.tag === undefined || global.tag === '') {
    return undefined;
  }
  const tag = String(global.tag);
  const variant =
    global.variant && !tag.endsWith(`-${global.variant}`)
      ? `-${global.variant}`
      : '';
  return `${global.hub}/${name}:${tag}${variant}`;
}
