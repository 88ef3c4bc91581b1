import type { V1PodSpec } from '@kubernetes/client-node';
import { toError } from '@backstage/errors';
import type { KubernetesObject } from '../../clusters/types';
import type { SidecarCheckContext } from '../types';
import { freshWorkload } from './freshWorkload';
import { podOfWorkload } from './podOfWorkload';
import { PODS } from '../resources';

export type TriedPod = KubernetesObject & { spec?: V1PodSpec };

/** What the API server made of a pod of the workload, or why it refused it. */
export type Trial =
  | { pod: TriedPod; refusal?: undefined }
  | { pod?: undefined; refusal: Error };

/**
 * Lets the API server create a pod of the workload without keeping it: every
 * admission webhook, the injector above all, answers as it will at the
 * restart, and so do PodSecurity, quotas, limit ranges and policies. Tried
 * once per report.
 *
 * @throws Error when the workload cannot be read
 */
export async function trialPod(
  context: Pick<SidecarCheckContext, 'workload' | 'client' | 'once'>,
): Promise<Trial> {
  const { workload, client, once } = context;
  const body = podOfWorkload(await freshWorkload(context));
  return once(`trial ${workload.id}`, async (signal): Promise<Trial> => {
    try {
      return {
        pod: await client.create<TriedPod>(
          { ...PODS, namespace: workload.namespace },
          body,
          { dryRun: true, signal },
        ),
      };
    } catch (error) {
      return { refusal: toError(error) };
    }
  });
}
