import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseRevisionOptions,
  parseUpOptions,
  parseWorkloadOptions,
} from '../lib/options.mjs';

test('without options there is one current cluster with Istio by Helm and one old cluster without', () => {
  assert.deepEqual(parseUpOptions([]), [
    {
      name: 'testbed',
      kubernetesVersion: 'v1.36.3',
      istio: { owner: 'helm', version: '1.29.4' },
    },
    { name: 'testbed-old', kubernetesVersion: 'v1.30.14', istio: undefined },
  ]);
});

test('clusters, their versions and their Istio can be chosen', () => {
  assert.deepEqual(
    parseUpOptions([
      '--clusters',
      'a:1.32.1,b',
      '--istio',
      'none,istioctl:1.30.3',
    ]),
    [
      { name: 'a', kubernetesVersion: 'v1.32.1', istio: undefined },
      {
        name: 'b',
        kubernetesVersion: 'v1.36.3',
        istio: { owner: 'istioctl', version: '1.30.3' },
      },
    ],
  );
});

test('Istio can be left to others, but not a further revision of it', () => {
  const [{ istio }] = parseUpOptions([
    ...['--clusters', 'a', '--istio', 'others'],
  ]);
  assert.deepEqual(istio, { owner: 'others' });
  assert.throws(
    () => parseRevisionOptions(['--name', 'canary', '--istio', 'others']),
    /helm:VERSION or istioctl:VERSION is missing/,
  );
});

test('what cannot be meant is refused with the reason', () => {
  const refused = [
    [['--clusters', 'A'], /"A" is not a name/],
    [['--clusters', 'a,a'], /a name of its own/],
    [['--clusters', 'a:1.30'], /"1.30" is not a Kubernetes version/],
    [['--clusters', ''], /"" is not a name/],
    [
      ['--istio', 'flux:1.30.3'],
      /helm:VERSION, istioctl:VERSION, argocd:VERSION, others or none/,
    ],
    [
      ['--clusters', 'a', '--istio', 'none,none'],
      /2 installations for 1 clusters/,
    ],
    [['--unknown'], /unknown/],
  ];
  for (const [args, message] of refused)
    assert.throws(() => parseUpOptions(args), {
      name: 'TestbedError',
      message,
    });
});

test('a further revision is one of helm or istioctl', () => {
  const parseRevision = istio =>
    parseRevisionOptions(['--name', 'canary', '--istio', istio]);
  assert.deepEqual(parseRevision('helm:1.30.3'), {
    owner: 'helm',
    version: '1.30.3',
    revision: 'canary',
    cluster: undefined,
  });
  assert.throws(
    () => parseRevision('argocd:1.30.3'),
    /Argo CD installs the first control plane/,
  );
});

test('workloads need a namespace and whole numbers', () => {
  assert.deepEqual(
    parseWorkloadOptions(['--namespace', 'shop', '--count', '3']),
    {
      namespace: 'shop',
      cluster: undefined,
      count: 3,
      replicas: 1,
    },
  );
  assert.throws(
    () => parseWorkloadOptions(['--count', '3']),
    /--namespace NAME is missing/,
  );
  assert.throws(
    () => parseWorkloadOptions(['--namespace', 'shop', '--count', '0']),
    /not a whole number above 0/,
  );
  assert.throws(
    () => parseWorkloadOptions(['--namespace', 'shop', '--replicas', 'two']),
    /--replicas two/,
  );
});
