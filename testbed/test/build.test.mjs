import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentKey } from '../lib/build.mjs';

const part = {
  programs: { etcd: 'go.etcd.io/etcd/server/v3' },
  linkerFlags: ['-X a=1'],
};
const files = { 'go.mod': 'module a', 'go.sum': 'sum' };
const goVersion = 'go1.26.8 linux amd64';

test('the cache key is the same for the same content in any order, and another for every other content', () => {
  const key = contentKey({ files, part, goVersion });
  assert.match(key, /^[0-9a-f]{16}$/);
  assert.equal(
    contentKey({
      files: { 'go.sum': 'sum', 'go.mod': 'module a' },
      part,
      goVersion,
    }),
    key,
  );
  const others = [
    { files: { ...files, 'go.sum': 'other' }, part, goVersion },
    { files: { ...files, 'main.go': '' }, part, goVersion },
    { files, part: { ...part, linkerFlags: ['-X a=2'] }, goVersion },
    { files, part: { ...part, programs: { etcd: 'other' } }, goVersion },
    { files, part, goVersion: 'go1.27.0 linux amd64' },
  ].map(contentKey);
  assert.equal(new Set([key, ...others]).size, others.length + 1);
});
