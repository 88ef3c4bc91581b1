import type {
  KubernetesClient,
  KubernetesObject,
  ResourceType,
  SelectOptions,
} from './types';

/** Every object of a selection that is known to be small. */
export async function listAll<T extends KubernetesObject>(
  client: KubernetesClient,
  resource: ResourceType,
  options: SelectOptions,
): Promise<T[]> {
  const items: T[] = [];
  for await (const page of client.list<T>(resource, options)) {
    items.push(...page.items);
  }
  return items;
}
