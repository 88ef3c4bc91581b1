import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portBehind, wantedIstiods } from '../lib/istiod-services.mjs';

const deployment = (uid, revision, more = {}) => ({
  metadata: {
    uid,
    name: `istiod-${revision}`,
    namespace: 'istio-system',
    labels: { app: 'istiod', 'istio.io/rev': revision },
    ...more.metadata,
  },
  spec: { replicas: more.replicas ?? 1 },
});

test('every Deployment that wants a pod gets an istiod, by its own identity', () => {
  const wanted = wantedIstiods([
    deployment('1', 'former'),
    deployment('2', 'next'),
    deployment('3', 'parked', { replicas: 0 }),
    deployment('4', 'going', {
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    }),
  ]);
  assert.deepEqual(
    wanted.map(({ uid, revision }) => [uid, revision]),
    [
      ['1', 'former'],
      ['2', 'next'],
    ],
  );
});

test('an address of a Service leads to the istiod of its revision, and no other address anywhere', () => {
  const service = (revision, clusterIP) => ({
    metadata: {
      namespace: 'istio-system',
      labels: { 'istio.io/rev': revision },
    },
    spec: {
      clusterIP,
      ports: [
        { name: 'https-webhook', port: 443, targetPort: 15017 },
        { name: 'http-monitoring', port: 15014 },
      ],
    },
  });
  const services = [
    service('former', '10.96.0.7'),
    service('next', '10.96.0.8'),
    service('parked', '10.96.0.9'),
  ];
  const istiods = ['former', 'next'].map((revision, index) => ({
    namespace: 'istio-system',
    revision,
    ports: { https: 20000 + index, monitoring: 20010 + index },
  }));
  const lead = (host, port) => portBehind({ host, port }, services, istiods);
  assert.equal(lead('10.96.0.7', 443), 20000);
  assert.equal(lead('10.96.0.8', 443), 20001);
  assert.equal(lead('10.96.0.8', 15014), 20011);
  assert.equal(lead('10.96.0.9', 443), undefined);
  assert.equal(lead('10.96.0.8', 80), undefined);
  assert.equal(lead('127.0.0.1', 443), undefined);
});
