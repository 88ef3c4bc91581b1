import {
  consent,
  info,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { ValidatingWebhook } from 'kubernetes-types/admissionregistration/v1';
import { isIP } from 'node:net';
import type { KubernetesObject } from '../../clusters/types';
import { analysisLink } from '../configuration/analysisLink';
import { checkedObject, count, nameOf } from '../configuration/objects';
import {
  DEPLOYMENTS,
  ISTIOD_SELECTOR,
  SERVICES,
  VALIDATING_WEBHOOKS,
  type ValidatingWebhookConfiguration,
} from '../configuration/resources';
import { runningRevisions } from '../configuration/revisions';
import type { MeshCheck } from '../types';

const KIND = 'ValidatingWebhookConfiguration';
const REVISION = 'istio.io/rev';
const LINK = {
  title: 'Configuration validation',
  url: 'https://istio.io/latest/docs/ops/common-problems/validation/',
};

interface World {
  cluster: string;
  configurations: ValidatingWebhookConfiguration[];
  services: KubernetesObject[];
  /** Deployments of istiod. */
  istiods: KubernetesObject[];
}

/** Whether what is asked about every change of Istio's configuration is there to answer. */
export function validatingWebhook(): MeshCheck {
  return {
    id: 'validating-webhook',
    title: 'Validation of configuration',
    worst: 'consent',
    scope: 'cluster',
    async run({ cluster, list }) {
      const [configurations, services, istiods] = await Promise.all([
        list<ValidatingWebhookConfiguration>(VALIDATING_WEBHOOKS),
        list<KubernetesObject>(SERVICES),
        list<KubernetesObject>(DEPLOYMENTS, { labelSelector: ISTIOD_SELECTOR }),
      ]);
      return judgeValidatingWebhooks({
        cluster: cluster.cluster,
        configurations,
        services,
        istiods,
      });
    },
  };
}

/** Judges the validators of a cluster. */
export function judgeValidatingWebhooks(world: World): Finding[] {
  const { cluster, istiods } = world;
  const validators = world.configurations.filter(isValidator);
  if (validators.length === 0) {
    return [
      (istiods.length > 0 ? warning : passed)({
        title:
          istiods.length > 0
            ? `Nothing validates Istio's configuration on ${cluster}`
            : `${cluster} has no istiod and no validator`,
        object: `cluster ${cluster}`,
        observed: `No ${KIND} of Istio`,
        expected: 'A validator of a revision that runs',
        remedy:
          'Install chart base, or set global.configValidation of chart istiod: faulty configuration is noticed only by the proxies.',
        link: LINK,
      }),
    ];
  }
  const findings = validators.flatMap(validator => judge(validator, world));
  return findings.length > 0
    ? findings
    : [
        passed({
          title: `Istio's configuration is validated on ${cluster}`,
          object: `cluster ${cluster}`,
          observed: count(validators.length, KIND),
          expected: 'Validators of revisions that run',
        }),
      ];
}

function isValidator({
  metadata,
  webhooks = [],
}: ValidatingWebhookConfiguration): boolean {
  return (
    metadata.name === 'istiod-default-validator' ||
    metadata.name.startsWith('istio-validator') ||
    webhooks.some(({ name }) => name.endsWith('validation.istio.io'))
  );
}

function judge(
  validator: ValidatingWebhookConfiguration,
  world: World,
): Finding[] {
  const object = checkedObject(KIND, validator);
  const says = { object: nameOf(object), objects: [object], link: LINK };
  const [webhook] = validator.webhooks ?? [];
  if (!webhook) {
    return [];
  }
  const stale = whyStale(validator, webhook, world);
  const isStrict = (webhook.failurePolicy ?? 'Fail') === 'Fail';
  return [
    ...(stale !== undefined
      ? [
          (isStrict ? consent : warning)({
            ...says,
            title: isStrict
              ? `${says.object} refuses configuration: nobody is there to be asked`
              : `${says.object} is a leftover`,
            observed: `${stale}; failurePolicy ${
              webhook.failurePolicy ?? 'Fail'
            }`,
            expected: 'A validator of a revision that runs',
            remedy:
              'Point it at a revision that runs (istioctl tag set default, or defaultRevision of chart base), or remove it.',
          }),
        ]
      : []),
    ...(stale === undefined && !isStrict
      ? [
          warning({
            ...says,
            title: `${says.object} lets faulty configuration pass`,
            observed: `failurePolicy ${webhook.failurePolicy}`,
            expected: 'failurePolicy Fail, which istiod sets when it is ready',
            remedy:
              'See in the log of istiod why it has not taken the webhook over, unless base.validationFailurePolicy was chosen.',
          }),
        ]
      : []),
    ...oddAddress(webhook, says),
  ];
}

/** In words; undefined for a validator with somebody behind it. */
function whyStale(
  { metadata }: ValidatingWebhookConfiguration,
  { clientConfig }: ValidatingWebhook,
  { services, istiods }: World,
): string | undefined {
  const { service } = clientConfig;
  if (!service) {
    // An external control plane, or somebody's own address for it.
    return undefined;
  }
  const isThere = services.some(
    each =>
      each.metadata.namespace === service.namespace &&
      each.metadata.name === service.name,
  );
  if (!isThere) {
    return `Service ${service.namespace}/${service.name} does not exist`;
  }
  const revision = metadata.labels?.[REVISION];
  const revisions = runningRevisions(istiods).map(each => each.revision);
  return revision !== undefined &&
    revisions.length > 0 &&
    !revisions.includes(revision)
    ? `Of revision ${revision}; running: ${[...new Set(revisions)]
        .sort()
        .join(', ')}`
    : undefined;
}

function oddAddress(
  { name, clientConfig: { service, url } }: ValidatingWebhook,
  says: { object: string; objects: Finding['objects'] & {} },
): Finding[] {
  if (service) {
    return [];
  }
  if (url === undefined || !URL.canParse(url)) {
    return [
      consent({
        ...says,
        title: `${says.object} asks nobody`,
        observed: `${name}: ${url ?? 'neither Service nor URL'}`,
        expected: 'A Service, or the URL of an external control plane',
        remedy: 'Correct the address of the control plane or remove it.',
        link: analysisLink('IST0163'),
      }),
    ];
  }
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0
    ? []
    : [
        info({
          ...says,
          title: `${says.object} asks a control plane by its IP address`,
          observed: url,
          expected: 'A host name',
          remedy: 'Use a name that stays when the control plane moves.',
          link: analysisLink('IST0164'),
        }),
      ];
}
