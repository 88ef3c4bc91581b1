import fc from 'fast-check';
import {
  injectorWebhooksObject,
  namespaceObject,
  workloadObject,
} from '../__testUtils__/objects';
import { projectInjectorWebhooks } from '../facts/projectInjectorWebhooks';
import { projectNamespace } from '../facts/projectNamespace';
import { projectWorkload } from '../facts/projectWorkload';
import { BUILT_IN_KINDS } from '../facts/workloadKinds';
import { decideInjection } from './injection';
import type { InjectionVerdict } from './injection';

const WEBHOOKS = [
  injectorWebhooksObject(),
  injectorWebhooksObject({ revision: 'canary' }),
  injectorWebhooksObject({ revision: 'canary', tag: 'prod' }),
].map(object => projectInjectorWebhooks(object)!);

interface Situation {
  namespace?: Record<string, string>;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  hostNetwork?: boolean;
  name?: string;
  webhooks?: typeof WEBHOOKS;
}

function decide({
  namespace = {},
  labels,
  annotations,
  hostNetwork,
  name = 'shop',
  webhooks = WEBHOOKS,
}: Situation): InjectionVerdict {
  return decideInjection({
    namespace: projectNamespace(namespaceObject(name, namespace)),
    template: projectWorkload(
      BUILT_IN_KINDS.Deployment,
      () => false,
    )(
      workloadObject('cart', {
        templateLabels: labels,
        templateAnnotations: annotations,
        hostNetwork,
      }),
    ).template,
    webhooks,
  });
}

function outcomeOf(verdict: InjectionVerdict): string {
  return verdict.outcome === 'inject' ? verdict.revision : verdict.outcome;
}

const INJECT = 'sidecar.istio.io/inject';
const REV = 'istio.io/rev';

describe('decideInjection', () => {
  it.each<[string, Situation, string]>([
    ['nothing asks', {}, 'none'],
    [
      'the namespace is enabled',
      { namespace: { 'istio-injection': 'enabled' } },
      'default',
    ],
    [
      'enabled beats a revision of namespace and pod',
      {
        namespace: { 'istio-injection': 'enabled', [REV]: 'canary' },
        labels: { [REV]: 'canary' },
      },
      'default',
    ],
    [
      'disabled beats a revision and the pod',
      {
        namespace: { 'istio-injection': 'disabled', [REV]: 'canary' },
        labels: { [INJECT]: 'true' },
      },
      'none',
    ],
    [
      'the namespace names a revision',
      { namespace: { [REV]: 'canary' } },
      'canary',
    ],
    ['the namespace names a tag', { namespace: { [REV]: 'prod' } }, 'canary'],
    [
      "the namespace's revision beats the pod's",
      { namespace: { [REV]: 'canary' }, labels: { [REV]: 'default' } },
      'canary',
    ],
    ['the pod names a revision', { labels: { [REV]: 'canary' } }, 'canary'],
    ['the pod asks', { labels: { [INJECT]: 'true' } }, 'default'],
    ['nobody serves the revision', { namespace: { [REV]: 'gone' } }, 'none'],
    [
      'the pod refuses by label',
      {
        namespace: { 'istio-injection': 'enabled' },
        labels: { [INJECT]: 'false' },
      },
      'excluded',
    ],
    [
      'the pod refuses by annotation',
      {
        namespace: { 'istio-injection': 'enabled' },
        annotations: { [INJECT]: 'false' },
      },
      'excluded',
    ],
    [
      'the label beats the annotation',
      {
        namespace: { 'istio-injection': 'enabled' },
        labels: { [INJECT]: 'true' },
        annotations: { [INJECT]: 'false' },
      },
      'default',
    ],
    [
      'the host network is used',
      { namespace: { 'istio-injection': 'enabled' }, hostNetwork: true },
      'excluded',
    ],
    [
      'the host network is used where nothing asks',
      { hostNetwork: true },
      'none',
    ],
    [
      'the namespace is ignored by Istio',
      { name: 'kube-system', namespace: { 'istio-injection': 'enabled' } },
      'excluded',
    ],
    [
      'injection is on everywhere',
      {
        webhooks: [
          projectInjectorWebhooks(
            injectorWebhooksObject({ everywhere: true }),
          )!,
        ],
      },
      'default',
    ],
    [
      'there is no injector',
      { webhooks: [], namespace: { 'istio-injection': 'enabled' } },
      'none',
    ],
  ])('when %s', (_, situation, expected) => {
    expect(outcomeOf(decide(situation))).toBe(expected);
  });

  it('says which label decided, and through which tag', () => {
    expect(decide({ namespace: { [REV]: 'prod' } }).reason).toBe(
      'Namespace shop is labelled istio.io/rev=prod: tag prod, which is revision canary, injects',
    );
    expect(decide({ namespace: { [REV]: 'gone' } }).reason).toBe(
      'istio.io/rev=gone is asked for, but no control plane of the cluster serves that revision or tag',
    );
    expect(decide({ labels: { [INJECT]: 'false' } }).reason).toBe(
      "The pod template's label is sidecar.istio.io/inject=false",
    );
  });

  it("follows Istio's precedence for every combination of labels", () => {
    const value = (...values: string[]) =>
      fc.option(fc.constantFrom(...values), { nil: undefined });
    fc.assert(
      fc.property(
        value('enabled', 'disabled'),
        value('default', 'canary', 'prod', 'gone'),
        value('default', 'canary', 'prod', 'gone'),
        value('true', 'false'),
        (injection, namespaceRevision, podRevision, inject) => {
          const verdict = decide({
            namespace: defined({
              'istio-injection': injection,
              [REV]: namespaceRevision,
            }),
            labels: defined({ [REV]: podRevision, [INJECT]: inject }),
          });
          expect(outcomeOf(verdict)).toBe(
            precedence(injection, namespaceRevision, podRevision, inject),
          );
        },
      ),
    );
  });
});

/** The documented table, row by row. */
function precedence(
  injection: string | undefined,
  namespaceRevision: string | undefined,
  podRevision: string | undefined,
  inject: string | undefined,
): string {
  const served: Record<string, string> = {
    default: 'default',
    canary: 'canary',
    prod: 'canary',
  };
  if (inject === 'false') return 'excluded';
  if (injection === 'enabled') return 'default';
  if (injection !== undefined) return 'none';
  if (namespaceRevision !== undefined)
    return served[namespaceRevision] ?? 'none';
  if (podRevision !== undefined) return served[podRevision] ?? 'none';
  return inject === 'true' ? 'default' : 'none';
}

function defined(
  labels: Record<string, string | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
