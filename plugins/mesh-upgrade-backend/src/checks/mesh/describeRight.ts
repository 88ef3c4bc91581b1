import type { AccessQuestion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';

/** e.g. `create pods/log in mesh-upgrade`. */
export function describeRight(question: AccessQuestion): string {
  const { verb, group, resource, subresource, namespace, name } = question;
  return [
    verb,
    [resource, group].filter(Boolean).join('.') +
      (subresource ? `/${subresource}` : ''),
    name ? `'${name}'` : '',
    namespace ? `in ${namespace}` : 'in every namespace',
  ]
    .filter(Boolean)
    .join(' ');
}
