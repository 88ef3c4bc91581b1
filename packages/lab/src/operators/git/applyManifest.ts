import { isDeepStrictEqual } from 'node:util';
import { mergePatch, type Json } from '../../api/patch/mergePatch';
import {
  apiVersionOf,
  RESOURCES,
  type Resource,
} from '../../kubernetes/resources';
import type { Draft, KubeObject } from '../../kubernetes/types';
import { withMarks, type Marks } from '../charts/marks';
import type { OperatorCluster } from '../Operator';

/** Whether an object of the cluster is as its manifest in Git says; fields that the manifest does not name are free. */
export async function isAsInGit(
  cluster: OperatorCluster,
  manifest: Draft,
  marks: Marks,
): Promise<boolean> {
  const resource = resourceOf(manifest);
  const current = await find(cluster, resource, manifest);
  return (
    current !== undefined &&
    isDeepStrictEqual(merged(resource, current, { manifest, marks }), current)
  );
}

/** Creates what a manifest in Git describes, or puts back what differs from it. */
export async function applyManifest(
  cluster: OperatorCluster,
  manifest: Draft,
  marks: Marks,
): Promise<void> {
  const resource = resourceOf(manifest);
  const current = await find(cluster, resource, manifest);
  if (!current) {
    await cluster.create(resource, withMarks(resource, manifest, marks));
    return;
  }
  await cluster.update(resource, current, each =>
    merged(resource, each, { manifest, marks }),
  );
}

function merged(
  resource: Resource,
  current: KubeObject,
  { manifest, marks }: { manifest: Draft; marks: Marks },
): KubeObject {
  return mergePatch(
    current as unknown as Json,
    withMarks(resource, manifest, marks) as unknown as Json,
  ) as unknown as KubeObject;
}

function find(
  cluster: OperatorCluster,
  resource: Resource,
  { metadata: { namespace, name } }: Draft,
): Promise<KubeObject | undefined> {
  return cluster.get(resource, namespace, name!);
}

function resourceOf({ apiVersion, kind }: Draft): Resource {
  const found = RESOURCES.find(
    resource => apiVersionOf(resource) === apiVersion && resource.kind === kind,
  );
  if (!found) {
    throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }
  return found;
}
