import { ifForbidden, type RequiredRight, type RightsOf } from '../../checks';
import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  DEPLOYMENTS,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
} from '../../kubernetes/types';
import { injectedNamespace } from '../kubernetes/injectedNamespace';
import { right } from './right';
import type { ControlPlaneDriver } from './types';

/** What upgrading a control plane takes: what its driver does, and the proof that it worked. */
export function requiredRights(drivers: ControlPlaneDriver[]): RightsOf {
  return async (controlPlane, { client, signal }) => {
    const driver = drivers.find(
      ({ method }) => method === controlPlane.install.method,
    );
    if (!driver) {
      return undefined;
    }
    // Who may not list namespaces hears of that right among the others.
    const namespace = await injectedNamespace(
      client,
      controlPlane.revision,
      signal,
    ).catch(ifForbidden);
    return {
      own: [
        ...driver.rights(controlPlane),
        ...proofRights(controlPlane, namespace ?? 'default'),
      ],
      job: driver.jobAccount?.(controlPlane),
    };
  };
}

function proofRights(
  { namespace }: ControlPlaneView,
  injected: string,
): RequiredRight[] {
  const follow = 'to follow istiod';
  const prove = 'to prove that injection works';
  return [
    right('get', DEPLOYMENTS, follow, { namespace }),
    right('list', REPLICA_SETS, follow, { namespace }),
    right('list', PODS, follow, { namespace }),
    right('list', NAMESPACES, prove),
    right('create', PODS, `${prove}, only ever as a dry run`, {
      namespace: injected,
    }),
  ];
}
