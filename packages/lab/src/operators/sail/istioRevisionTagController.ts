import { ISTIO_NAMESPACE, injectorWebhookName } from '../../controlPlane/names';
import { injectorWebhooks } from '../../controlPlane/webhooks';
import { controllerReference } from '../../controllers/ownership';
import {
  ISTIO_REVISION_TAGS,
  ISTIO_REVISIONS,
  ISTIOS,
  MUTATING_WEBHOOKS,
  type Resource,
} from '../../kubernetes/resources';
import type {
  Draft,
  IstioRevisionTag,
  WebhookConfiguration,
} from '../../kubernetes/types';
import type { Operator, OperatorCluster } from '../Operator';
import { conditionsOf, type Finding } from './conditions';
import { usage } from './status';
import { isReferenced } from './usage';

/** Keeps a tag's webhooks pointing to the revision that its `Istio` has active. */
export const istioRevisionTagController: Operator<IstioRevisionTag> = {
  maker: 'sail',
  resource: ISTIO_REVISION_TAGS,
  concerns: resource =>
    resource === (ISTIOS as Resource) ||
    resource === (ISTIO_REVISIONS as Resource),
  async reconcile(cluster, tag) {
    const revision = await revisionOf(cluster, tag);
    const injector =
      revision &&
      (await cluster.get(
        MUTATING_WEBHOOKS,
        undefined,
        injectorWebhookName(revision),
      ));
    if (injector) {
      await keepWebhooks(cluster, tag, { revision, injector });
    }
    const { kind, name } = tag.spec.targetRef;
    const findings: Finding[] = revision
      ? [{ type: 'Reconciled' }]
      : [
          {
            type: 'Reconciled',
            status: 'False',
            reason: 'RefNotFound',
            message: `referenced ${kind} "${name}" not found or without an active revision`,
          },
        ];
    findings.push(usage(await isReferenced(cluster, tag.metadata.name)));
    await cluster.writeStatus(ISTIO_REVISION_TAGS, tag, {
      observedGeneration: tag.metadata.generation,
      ...conditionsOf(tag.status, findings, cluster.now()),
      ...(revision && {
        istioRevision: revision,
        istiodNamespace: ISTIO_NAMESPACE,
      }),
    });
  },
};

async function revisionOf(
  cluster: OperatorCluster,
  { spec: { targetRef } }: IstioRevisionTag,
): Promise<string | undefined> {
  if (targetRef.kind === 'Istio') {
    const istio = await cluster.get(ISTIOS, undefined, targetRef.name);
    return istio?.status?.activeRevisionName;
  }
  const revision = await cluster.get(
    ISTIO_REVISIONS,
    undefined,
    targetRef.name,
  );
  return revision?.metadata.name;
}

/** A tag's webhooks are those of its revision under another name. */
export function tagWebhooks(
  tag: IstioRevisionTag,
  revision: string,
  injector: Pick<WebhookConfiguration, 'webhooks'>,
): Draft<WebhookConfiguration> {
  const drafted = injectorWebhooks(revision, {
    tag: tag.metadata.name,
    labels: {
      'app.kubernetes.io/managed-by': 'Helm',
      'managed-by': 'sail-operator',
    },
  });
  const clientConfig = injector.webhooks?.[0].clientConfig;
  return {
    ...drafted,
    metadata: {
      ...drafted.metadata,
      annotations: {
        'meta.helm.sh/release-name': `${tag.metadata.name}-revisiontags`,
        'meta.helm.sh/release-namespace': ISTIO_NAMESPACE,
      },
      ownerReferences: [controllerReference(ISTIO_REVISION_TAGS, tag)],
    },
    webhooks: drafted.webhooks?.map(webhook => ({
      ...webhook,
      clientConfig: clientConfig ?? webhook.clientConfig,
    })),
  };
}

async function keepWebhooks(
  cluster: OperatorCluster,
  tag: IstioRevisionTag,
  { revision, injector }: { revision: string; injector: WebhookConfiguration },
) {
  const wanted = tagWebhooks(tag, revision, injector);
  const current = await cluster.get(
    MUTATING_WEBHOOKS,
    undefined,
    wanted.metadata.name!,
  );
  if (!current) {
    await cluster.create(MUTATING_WEBHOOKS, wanted);
    return;
  }
  // istiod fills in the certificates itself: only a change of the revision is one.
  if (current.metadata.labels?.['istio.io/rev'] !== revision) {
    await cluster.update(MUTATING_WEBHOOKS, current, each => ({
      ...each,
      webhooks: wanted.webhooks,
      metadata: { ...each.metadata, labels: wanted.metadata.labels },
    }));
  }
}
