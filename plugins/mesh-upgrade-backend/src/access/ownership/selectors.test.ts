import fc from 'fast-check';
import { matchesSelector } from '../../kubernetes/labelSelector';
import { parseLabelExpression } from './labelExpression';
import { compileSelector } from './selectors';
import type { OwnableWorkload } from './selectors';

const CART: OwnableWorkload = {
  cluster: 'prod-eu',
  namespace: 'checkout',
  kind: 'Deployment',
  name: 'cart',
  labels: { 'backstage.io/kubernetes-id': 'cart', app: 'cart', tier: 'web' },
};

function owns(
  annotations: Record<string, string>,
  workload = CART,
): boolean | undefined {
  return compileSelector({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'cart', annotations },
  })?.matches(workload);
}

const ID = 'backstage.io/kubernetes-id';
const LABELS = 'backstage.io/kubernetes-label-selector';
const NAMESPACE = 'backstage.io/kubernetes-namespace';
const CLUSTER = 'backstage.io/kubernetes-cluster';
const WORKLOADS = 'mesh-upgrade.io/workloads';

describe('compileSelector', () => {
  it.each<[Record<string, string>, boolean | undefined]>([
    [{}, undefined],
    [{ [NAMESPACE]: 'checkout' }, undefined],
    [{ [ID]: '' }, undefined],
    [{ [ID]: 'cart' }, true],
    [{ [ID]: 'orders' }, false],
    [{ [ID]: 'cart', [NAMESPACE]: 'checkout' }, true],
    [{ [ID]: 'cart', [NAMESPACE]: 'other, checkout' }, true],
    [{ [ID]: 'cart', [NAMESPACE]: 'other' }, false],
    [{ [ID]: 'cart', [CLUSTER]: 'prod-eu' }, true],
    [{ [ID]: 'cart', [CLUSTER]: 'prod-us' }, false],
    [{ [ID]: 'orders', [LABELS]: 'app=cart' }, true],
    [{ [ID]: 'cart', [LABELS]: 'app=orders' }, false],
    [{ [ID]: 'cart', [LABELS]: '' }, undefined],
    [{ [ID]: 'cart', [LABELS]: 'app in (' }, undefined],
    [{ [LABELS]: 'app=cart', [NAMESPACE]: 'other' }, false],
    [{ [WORKLOADS]: 'prod-eu/checkout/Deployment/cart' }, true],
    [{ [WORKLOADS]: 'a/b/c/d, */checkout/*/cart' }, true],
    [{ [WORKLOADS]: '*/*/*/orders', [ID]: 'cart' }, false],
    [{ [WORKLOADS]: '' }, false],
    [{ [WORKLOADS]: '*' }, false],
    [{ [WORKLOADS]: 'prod-eu/checkout/Deployment/car*' }, false],
  ])('with %j: %s', (annotations, expected) => {
    expect(owns(annotations)).toBe(expected);
  });
});

describe('a label selector in text form', () => {
  it.each([
    ['app=cart', true],
    ['app==cart', true],
    ['app = cart , tier=web', true],
    ['app=cart,tier=db', false],
    ['app!=cart', false],
    ['missing!=cart', true],
    ['tier in (db, web)', true],
    ['tier notin (db,web),app=cart', false],
    ['missing notin (db)', true],
    ['app', true],
    ['!app', false],
    ['!missing', true],
    ['missing', false],
    ['toString', false],
  ])('%s: %s', (expression, expected) => {
    expect(
      matchesSelector(
        { matchExpressions: parseLabelExpression(expression) },
        CART.labels,
      ),
    ).toBe(expected);
  });

  it.each(['', ',', 'app=cart,', '=cart', 'app=a b', 'app in ()x', '()'])(
    'refuses %j',
    expression => {
      expect(parseLabelExpression(expression)).toBeUndefined();
    },
  );

  it('never throws and never selects everything', () => {
    fc.assert(
      fc.property(fc.string(), expression => {
        expect(parseLabelExpression(expression)).not.toEqual([]);
      }),
    );
  });
});
