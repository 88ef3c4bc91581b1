import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  consent,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import { checkedObject, count, nameAll } from '../configuration/objects';
import {
  MUTATING_WEBHOOKS,
  NAMESPACES,
  type MutatingWebhookConfiguration,
} from '../configuration/resources';
import { callingConfigurations } from '../configuration/webhookOverlaps';
import type { MeshCheck } from '../types';

const KIND = 'MutatingWebhookConfiguration';
const TAG = 'istio.io/tag';
const REVISION = 'istio.io/rev';
const DEFAULT = 'default';
const BY_DEFAULT = { 'istio-injection': 'enabled' };
const LINK = {
  title: 'Default tag',
  url: 'https://istio.io/latest/docs/setup/upgrade/canary/#default-tag',
};

interface World {
  cluster: string;
  configurations: MutatingWebhookConfiguration[];
  namespaces: KubernetesObject[];
}

/** Whether one revision, and only one, serves `istio-injection=enabled`. */
export function defaultRevision(): MeshCheck {
  return {
    id: 'default-revision',
    title: 'Default revision',
    worst: 'consent',
    scope: 'cluster',
    async run({ cluster, list }) {
      const [configurations, namespaces] = await Promise.all([
        list<MutatingWebhookConfiguration>(MUTATING_WEBHOOKS),
        list<KubernetesObject>(NAMESPACES),
      ]);
      return judgeDefaultRevision({
        cluster: cluster.cluster,
        configurations,
        namespaces,
      });
    },
  };
}

/** Judges who serves `istio-injection=enabled` in a cluster. */
export function judgeDefaultRevision(world: World): Finding[] {
  const { cluster, configurations, namespaces } = world;
  const object = `Default revision of ${cluster}`;
  const asking = namespaces.filter(
    ({ metadata }) => metadata.labels?.['istio-injection'] === 'enabled',
  );
  const serving = callingConfigurations(configurations, BY_DEFAULT, {});
  if (serving.length === 0 && asking.length > 0) {
    return [nobody(asking, { object })];
  }
  const revisions = new Set(
    serving.map(name => revisionOf(name, configurations)),
  );
  const findings = [
    ...(revisions.size > 1
      ? [several(serving, { object, asking, configurations })]
      : []),
    ...duplicateTag(configurations),
  ];
  return findings.length > 0
    ? findings
    : [
        passed({
          title:
            serving.length === 0
              ? `${cluster} has no default revision, and nobody asks for it`
              : `Revision ${[...revisions].join(
                  ', ',
                )} is the default of ${cluster}`,
          object,
          observed: serving.join(', ') || 'None',
          expected: 'One, or nobody who asks for it',
        }),
      ];
}

function nobody(asking: KubernetesObject[], says: { object: string }): Finding {
  const objects = asking.map(each => checkedObject('Namespace', each));
  return consent({
    ...says,
    title: `No revision serves ${count(
      asking.length,
      'namespace',
    )} labelled istio-injection=enabled`,
    observed: `No injector for ${nameAll(objects)}`,
    expected: 'One injector for them',
    remedy:
      'Set the default tag (istioctl tag set default --revision REVISION, or revisionTags of chart istiod), or label the namespaces with a revision: their new pods start without a sidecar.',
    objects,
    link: LINK,
  });
}

function several(
  serving: string[],
  {
    object,
    asking,
    configurations,
  }: {
    object: string;
    asking: KubernetesObject[];
    configurations: MutatingWebhookConfiguration[];
  },
): Finding {
  return (asking.length > 0 ? consent : warning)({
    title: `${serving.length} injectors serve istio-injection=enabled`,
    object,
    observed: serving
      .map(name => `${name} of revision ${revisionOf(name, configurations)}`)
      .join(', '),
    expected: 'One revision',
    remedy:
      'Point the default tag at the revision that is meant and remove the other configuration; which of them injects a pod is decided by their names.',
    objects: [
      ...serving.map((name): CheckedObject => ({ kind: KIND, name })),
      ...asking.map(each => checkedObject('Namespace', each)),
    ],
    link: LINK,
  });
}

function duplicateTag(
  configurations: MutatingWebhookConfiguration[],
): Finding[] {
  const tags = configurations.filter(
    ({ metadata }) => metadata.labels?.[TAG] === DEFAULT,
  );
  const objects = tags.map(each => checkedObject(KIND, each));
  return tags.length < 2
    ? []
    : [
        consent({
          title: `The default tag exists ${tags.length} times`,
          object: nameAll(objects),
          observed: tags
            .map(
              ({ metadata }) =>
                `${metadata.name} is revision ${metadata.labels?.[REVISION]}`,
            )
            .join(', '),
          expected: 'One default tag',
          remedy:
            'Remove those that are not meant: installation and tag commands stop at them.',
          objects,
          link: LINK,
        }),
      ];
}

function revisionOf(
  name: string,
  configurations: MutatingWebhookConfiguration[],
): string {
  const labels = configurations.find(({ metadata }) => metadata.name === name)
    ?.metadata.labels;
  return labels?.[REVISION] || DEFAULT;
}
