import type { ServerResponse } from 'node:http';
import type { Json } from '../api/patch/mergePatch';
import { sendJson } from '../api/request';
import { injectorConfigMapName, ISTIO_NAMESPACE } from '../controlPlane/names';
import { injectorValues } from '../injection/injectPod';
import { CONFIG_MAPS, MUTATING_WEBHOOKS } from '../kubernetes/resources';
import type { World } from '../world/World';

/** What somebody does elsewhere, with what comes of it in a cluster. */
export interface Deed {
  cluster?: string;
  /** Of a commit: a manifest as plans name objects, such as `OCIRepository istio-system/istiod`. */
  object?: string;
  /** Of a commit: a merge patch of that manifest. */
  patch?: Json;
  /** Of an istiod outside of the cluster: its version from now on. */
  version?: string;
}

/** @throws Error when the text is no JSON. */
export function parseDeed(text: string): Deed {
  return JSON.parse(text || '{}');
}

/** Answers 200, or 400 with what is wrong. */
export function answerDeed(res: ServerResponse, error: string | undefined) {
  if (error) {
    sendJson(res, 400, { error });
  } else {
    sendJson(res, 200, { done: true });
  }
}

/** Changes a manifest in the Git repository of a cluster; answers what is wrong with it. */
export function commit(
  { cluster: name = '', object = '', patch }: Deed,
  world: World,
): string | undefined {
  const git = world.cluster(name)?.git;
  if (!git) {
    return `no cluster "${name}"`;
  }
  if (patch === undefined) {
    return 'a commit needs a patch';
  }
  return git.change(object, patch)
    ? undefined
    : `no "${object}" in the Git repository of ${name}; it has ${
        git.titles.join(', ') || 'nothing'
      }`;
}

/** Gives the istiod outside of a cluster another version; answers what is wrong with it. */
export function upgradeExternalIstiod(
  { cluster: name = '', version }: Deed,
  world: World,
): string | undefined {
  const cluster = world.cluster(name);
  const config = cluster?.store.get(
    CONFIG_MAPS,
    ISTIO_NAMESPACE,
    injectorConfigMapName('default'),
  );
  const isExternal = cluster?.store
    .list(MUTATING_WEBHOOKS)
    .some(({ webhooks }) => webhooks?.[0].clientConfig.url !== undefined);
  if (!cluster || !config || !isExternal) {
    return `no cluster "${name}" with an istiod elsewhere`;
  }
  if (!version) {
    return 'an istiod needs a version';
  }
  const values = injectorValues(config);
  cluster.store.update(
    CONFIG_MAPS,
    ISTIO_NAMESPACE,
    config.metadata.name,
    each => ({
      ...each,
      data: {
        ...each.data,
        values: JSON.stringify({
          ...values,
          global: { ...values.global, tag: version },
        }),
      },
    }),
  );
  return undefined;
}
