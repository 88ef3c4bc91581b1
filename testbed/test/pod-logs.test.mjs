import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectLines } from '../lib/pod-logs.mjs';

const LOG = [
  '2026-01-01T00:00:00.000Z stdout F one',
  '2026-01-01T00:00:10.000Z stderr F two',
  '2026-01-01T00:00:20.000Z stdout F three stdout F',
  '2026-01-01T00:00:30.000Z stdout F ',
  '',
].join('\n');

function select(query, now) {
  return selectLines(LOG, new URLSearchParams(query), now);
}

test('a log is what the command wrote, line by line', () => {
  assert.equal(select(''), 'one\ntwo\nthree stdout F\n\n');
});

test('a log can be cut by lines, time and size, and carry its time stamps', () => {
  assert.equal(select('tailLines=2'), 'three stdout F\n\n');
  assert.equal(select('tailLines=0'), '');
  assert.equal(select('sinceTime=2026-01-01T00:00:20Z'), 'three stdout F\n\n');
  assert.equal(
    select('sinceSeconds=25', Date.parse('2026-01-01T00:00:40Z')),
    'three stdout F\n\n',
  );
  assert.equal(select('limitBytes=5'), 'one\nt');
  assert.equal(
    select('timestamps=true&tailLines=1'),
    '2026-01-01T00:00:30.000Z \n',
  );
});
