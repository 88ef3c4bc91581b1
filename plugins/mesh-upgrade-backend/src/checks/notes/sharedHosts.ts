import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { all } from '../configuration/deprecatedFields';
import { checkedObject } from '../configuration/objects';
import type { NoteObject } from './reads';

const CLUSTER_DOMAIN = 'svc.cluster.local';

/** ServiceEntries whose host a Service, or a ServiceEntry of another namespace, has too. */
export function sharedHosts(
  entries: NoteObject[],
  services: NoteObject[],
): CheckedObject[] {
  const owners = new Map<string, Set<string>>();
  const own = (host: string, { metadata }: NoteObject) =>
    owners.set(
      host,
      (owners.get(host) ?? new Set()).add(metadata.namespace ?? ''),
    );
  for (const service of services) {
    const { name, namespace } = service.metadata;
    own(`${name}.${namespace}.${CLUSTER_DOMAIN}`, service);
  }
  for (const entry of entries) {
    hostsOf(entry).forEach(host => own(host, entry));
  }
  return entries
    .filter(entry => hostsOf(entry).some(host => owners.get(host)!.size > 1))
    .map(entry => checkedObject('ServiceEntry', entry));
}

function hostsOf({ spec }: NoteObject): string[] {
  return all(spec, 'hosts').filter(
    (host): host is string => typeof host === 'string',
  );
}
