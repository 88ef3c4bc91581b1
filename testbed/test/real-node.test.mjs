import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { imageOfLayer } from '../lib/images.mjs';
import { parseUpOptions } from '../lib/options.mjs';
import { kubeletArguments, kubeletConfig } from '../lib/real-node/files.mjs';
import { freeIndexes, networkOf } from '../lib/real-node/network.mjs';
import { obstacle } from '../lib/real-node/requirements.mjs';

const ABLE = {
  isRoot: true,
  hasCgroups: true,
  filesystems: 'nodev\tproc\n\text4\nnodev\toverlay\n',
};

test('a machine that can have no real node is told why, and what to do', () => {
  assert.equal(obstacle(ABLE), undefined);
  const unable = [
    [{ isRoot: false }, /needs root.*without --real-node/],
    [{ hasCgroups: false }, /needs cgroups.*mount cgroups/],
    [{ filesystems: 'nodev\toverlayfoo\n\text4\n' }, /modprobe overlay/],
  ];
  for (const [difference, words] of unable)
    assert.match(obstacle({ ...ABLE, ...difference }), words);
});

test('a network is one that this machine neither has nor routes, from anywhere in the range', () => {
  const taken = 'inet 10.200.0.1/30 scope global x\n10.201.16.0/20 via 1.2.3.4';
  const free = freeIndexes(taken, 8);
  assert.equal(free[0], 202);
  assert.equal(free.at(-1), 199);
  assert.equal(new Set(free).size, 61);
  assert.ok(free.every(index => index >= 192 && index <= 254));
  assert.ok(freeIndexes('inet 110.200.0.1/30', 0).includes(200));
});

test('node, pods and the Service of the API server share one network, and the kubelet listens on no other', () => {
  const network = networkOf(200);
  assert.equal(network.apiAddress, '10.200.128.1');
  assert.ok(network.peer.length < 16, 'the kernel takes 15 characters');
  const options = { directory: '/d', network, cgroup: 'c', clientCa: '/ca' };
  const config = kubeletConfig(options);
  assert.equal(config.address, network.nodeAddress);
  assert.equal(config.authentication.anonymous.enabled, false);
  assert.equal(config.cgroupRoot, '/c');
  assert.ok(
    kubeletArguments(options).includes(`--node-ip=${network.nodeAddress}`),
  );
});

test('an image of one layer names what it holds by digest', () => {
  const layer = Buffer.from('a tar archive');
  const { blobs, index } = imageOfLayer({
    layer,
    config: { Entrypoint: ['/bin/helm'] },
  });
  const digestOf = bytes =>
    `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const manifest = JSON.parse(index.bytes);
  const [content, config] = blobs;
  assert.deepEqual(
    [manifest.layers[0].digest, manifest.config.digest],
    [digestOf(content.bytes), digestOf(config.bytes)],
  );
  const { rootfs, config: inherited } = JSON.parse(config.bytes);
  // Not compressed: the layer's digest is that of its content.
  assert.deepEqual(rootfs.diff_ids, [digestOf(layer)]);
  assert.deepEqual(inherited, { Entrypoint: ['/bin/helm'] });
});

test('real nodes are given to the clusters that are named', () => {
  const parsed = parseUpOptions(['--clusters', 'a,b', '--real-node', 'b']);
  assert.deepEqual(
    parsed.map(({ name, realNode }) => [name, realNode]),
    [
      ['a', undefined],
      ['b', true],
    ],
  );
  assert.throws(
    () => parseUpOptions(['--clusters', 'a', '--real-node', 'b']),
    /--real-node names b, and the clusters are a/,
  );
});
