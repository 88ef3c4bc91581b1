import { KUSTOMIZATIONS } from '../../kubernetes/resources';
import type { Kustomization } from '../../kubernetes/types';
import { applyManifest } from '../git/applyManifest';
import type { Operator } from '../Operator';
import { fluxStatus, type FluxVerdict } from './conditions';

const NAME = 'kustomize.toolkit.fluxcd.io/name';
const NAMESPACE = 'kustomize.toolkit.fluxcd.io/namespace';
const RETRY_MS = 2000;

/** Flux's kustomize-controller: keeps objects as a folder of a Git repository says. */
export const kustomizeController: Operator<Kustomization> = {
  maker: 'flux',
  resource: KUSTOMIZATIONS,
  readsGit: true,
  concerns: (_resource, { metadata }) => metadata.labels?.[NAME] !== undefined,
  async reconcile(cluster, kustomization) {
    const { spec, metadata } = kustomization;
    if (spec.suspend) {
      return undefined;
    }
    const revision = `main@sha1:${await cluster.git.commit()}`;
    const marks = {
      labels: { [NAME]: metadata.name, [NAMESPACE]: metadata.namespace ?? '' },
    };
    let verdict: FluxVerdict = {
      ready: 'True',
      reason: 'ReconciliationSucceeded',
      message: `Applied revision: ${revision}`,
    };
    try {
      for (const manifest of await cluster.git.manifests(spec.path)) {
        await applyManifest(cluster, manifest, marks);
      }
    } catch (error) {
      verdict = {
        ready: 'False',
        reason: 'ReconciliationFailed',
        message: (error as Error).message,
      };
    }
    const isApplied = verdict.ready === 'True';
    await cluster.writeStatus(KUSTOMIZATIONS, kustomization, {
      ...kustomization.status,
      ...fluxStatus(kustomization, verdict, cluster.now()),
      lastAttemptedRevision: revision,
      ...(isApplied && { lastAppliedRevision: revision }),
    });
    return isApplied ? undefined : RETRY_MS;
  },
};
