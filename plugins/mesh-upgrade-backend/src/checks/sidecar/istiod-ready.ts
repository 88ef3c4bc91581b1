import type { V1Endpoint } from '@kubernetes/client-node';
import {
  blocker,
  info,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import type { SidecarCheck } from '../types';
import { ENDPOINT_SLICES } from '../resources';
import { ifForbidden } from '../ifForbidden';
import { restartCheck, type RestartCheckContext } from './restartCheck';
import { istiodName, servingIstiod } from './servingIstiod';

type EndpointSlice = KubernetesObject & { endpoints?: V1Endpoint[] };

/** Without an istiod that answers, the injector's webhook lets no pod of the mesh be created. */
export function istiodReady(): SidecarCheck {
  return restartCheck({
    id: 'istiod-ready',
    title: 'Injecting istiod is ready',
    worst: 'blocker',
    async decide(context): Promise<Finding[]> {
      const { configuration, istiod } = await servingIstiod(context);
      if (!configuration) {
        return [];
      }
      const { revision, url, injectors } = configuration;
      if (!istiod) {
        return [
          info({
            title: `The istiod of revision ${revision} runs outside of the cluster`,
            object: `MutatingWebhookConfiguration ${configuration.name}`,
            observed: url ?? 'No istiod of the revision runs in the cluster',
            expected: 'An istiod that answers',
            remedy: 'None needed: the trial pod proves whether it answers.',
          }),
        ];
      }
      const service = injectors[0]?.clientConfig.service;
      const endpoints =
        service && (await readyEndpoints(context, service).catch(ifForbidden));
      const desired = istiod.spec?.replicas ?? 1;
      const available = istiod.status?.availableReplicas ?? 0;
      const says = {
        object: istiodName(istiod),
        observed: `${available} of ${desired} replicas are available${
          endpoints === undefined
            ? ''
            : `, Service ${service!.namespace}/${
                service!.name
              } has ${endpoints} ready endpoints`
        }`,
        expected: 'All replicas available behind their Service',
      };
      if (available === 0 || endpoints === 0) {
        const closed = injectors.some(
          ({ failurePolicy }) => failurePolicy !== 'Ignore',
        );
        return [
          blocker({
            ...says,
            title: closed
              ? `No istiod of revision ${revision} answers: new pods would be refused`
              : `No istiod of revision ${revision} answers: new pods would have no sidecar`,
            remedy: 'Bring istiod back, then Recheck.',
          }),
        ];
      }
      return available < desired
        ? [
            warning({
              ...says,
              title: `The istiod of revision ${revision} is not complete`,
              remedy: 'Find out why replicas of istiod are missing first.',
            }),
          ]
        : [
            passed({
              ...says,
              title: `The istiod of revision ${revision} is ready`,
            }),
          ];
    },
  });
}

/** Undefined where nothing keeps the endpoints of the Service: the Deployment then stands for itself. */
async function readyEndpoints(
  { list }: RestartCheckContext,
  service: { namespace: string; name: string },
): Promise<number | undefined> {
  const slices = await list<EndpointSlice>(ENDPOINT_SLICES, {
    namespace: service.namespace,
    labelSelector: `kubernetes.io/service-name=${service.name}`,
  });
  if (slices.length === 0) {
    return undefined;
  }
  return slices
    .flatMap(slice => slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
}
