import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { releaseValues } from '../lib/charts.mjs';
import { tinyImage } from '../lib/images.mjs';
import { imageOf } from '../lib/registry-lookup.mjs';

test('an image is a chain of digests from the index to the blobs, for two platforms, different for every tag', () => {
  const { blobs, manifests, index } = tinyImage({
    name: 'istio/pilot',
    tag: '1.30.3',
  });
  for (const { bytes, descriptor } of [...blobs, ...manifests, index]) {
    assert.equal(
      descriptor.digest,
      `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    );
    assert.equal(descriptor.size, bytes.length);
  }
  const listed = JSON.parse(index.bytes).manifests;
  assert.deepEqual(
    listed.map(({ platform }) => platform.architecture),
    ['amd64', 'arm64'],
  );
  assert.deepEqual(
    listed.map(({ digest }) => digest),
    manifests.map(({ descriptor }) => descriptor.digest),
  );
  const known = new Set(blobs.map(({ descriptor }) => descriptor.digest));
  for (const { bytes } of manifests) {
    const { config, layers } = JSON.parse(bytes);
    assert.ok([config, ...layers].every(({ digest }) => known.has(digest)));
  }
  const other = tinyImage({ name: 'istio/pilot', tag: '1.31.1' });
  assert.notEqual(other.index.descriptor.digest, index.descriptor.digest);
});

test('packaged charts get the hub and tag of a release in place of the development ones, and nothing else changes', () => {
  const values =
    'hub: ""\nglobal:\n  hub: registry.istio.io/testing\n  tag: latest\n  logLevel: latest\n';
  assert.equal(
    releaseValues(values, { hub: '127.0.0.1:1/istio', tag: '1.30.3' }),
    'hub: ""\nglobal:\n  hub: 127.0.0.1:1/istio\n  tag: 1.30.3\n  logLevel: latest\n',
  );
});

test('an image is looked up in the registry only when it is of that registry', () => {
  const registry = '127.0.0.1:20000';
  assert.deepEqual(imageOf(`${registry}/istio/pilot:1.30.3`, registry), {
    name: 'istio/pilot',
    reference: '1.30.3',
  });
  assert.deepEqual(imageOf(`${registry}/istio/pilot`, registry), {
    name: 'istio/pilot',
    reference: 'latest',
  });
  assert.deepEqual(imageOf(`${registry}/istio/pilot@sha256:00`, registry), {
    name: 'istio/pilot',
    reference: 'sha256:00',
  });
  assert.equal(imageOf('docker.io/istio/pilot:1.30.3', registry), undefined);
});
