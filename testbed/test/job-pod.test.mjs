import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  commandLine,
  expandVariables,
  finishedStatus,
  mountsOf,
  rewriteMountPaths,
} from '../lib/job-pod.mjs';

test('variables in commands are replaced as Kubernetes does', () => {
  const env = { VERSION: '1.30.3', EMPTY: '' };
  assert.equal(
    expandVariables('--version=$(VERSION)$(EMPTY)', env),
    '--version=1.30.3',
  );
  assert.equal(
    expandVariables('$(UNKNOWN) $$(VERSION) $VERSION', env),
    '$(UNKNOWN) $(VERSION) $VERSION',
  );
});

test('paths of mounts become directories of this machine, the longest mount first and whole names only', () => {
  const container = {
    volumeMounts: [
      { name: 'values', mountPath: '/values' },
      { name: 'more', mountPath: '/values/more/', subPath: 'sub' },
    ],
  };
  const mounts = mountsOf(container, '/run/volumes');
  assert.equal(
    rewriteMountPaths('--values=/values/istiod.yaml', mounts),
    '--values=/run/volumes/values/istiod.yaml',
  );
  assert.equal(
    rewriteMountPaths('cat /values/more/a /values', mounts),
    'cat /run/volumes/more/sub/a /run/volumes/values',
  );
  assert.equal(
    rewriteMountPaths('/values-other /a/values /valuesx', mounts),
    '/values-other /a/values /valuesx',
  );
  assert.equal(
    rewriteMountPaths('/file/a /tmp/b', [
      { mountPath: '/tmp', directory: '/tmp/run/home' },
      { mountPath: '/file', directory: '/tmp/run/file' },
    ]),
    '/tmp/run/file/a /tmp/run/home/b',
  );
});

test('a container without a command runs the tool its image is named after, or says what is missing', () => {
  const settings = {
    env: { V: '1' },
    mounts: [],
    programNames: ['helm', 'kubectl'],
  };
  const helm = {
    image: 'docker.io/alpine/helm:3.22.0',
    args: ['upgrade', '--version=$(V)'],
  };
  assert.deepEqual(commandLine(helm, settings), [
    'helm',
    'upgrade',
    '--version=1',
  ]);
  assert.deepEqual(commandLine({ ...helm, command: ['sh', '-c'] }, settings), [
    'sh',
    '-c',
    'upgrade',
    '--version=1',
  ]);
  assert.throws(
    () => commandLine({ image: 'busybox@sha256:00' }, settings),
    /give the container a command/,
  );
});

test('a pod fails when one container fails, and keeps what was known about the others', () => {
  const pod = {
    spec: {
      containers: [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1' },
      ],
    },
    status: {
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'PodScheduled', status: 'True' },
      ],
      containerStatuses: [
        {
          name: 'a',
          image: 'a:1',
          imageID: 'id',
          restartCount: 0,
          ready: true,
        },
      ],
    },
  };
  const times = {
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:05Z',
  };
  const failed = finishedStatus(pod, {
    a: { exitCode: 0, ...times },
    b: { exitCode: 2, ...times },
  });
  assert.equal(failed.phase, 'Failed');
  assert.deepEqual(
    failed.containerStatuses.map(({ imageID, ready, state }) => [
      imageID,
      ready,
      state.terminated.exitCode,
      state.terminated.reason,
    ]),
    [
      ['id', false, 0, 'Completed'],
      ['b:1', false, 2, 'Error'],
    ],
  );
  assert.deepEqual(
    failed.conditions.map(({ type, status }) => [type, status]),
    [
      ['Ready', 'False'],
      ['PodScheduled', 'True'],
    ],
  );
  assert.equal(
    finishedStatus(pod, {
      a: { exitCode: 0, ...times },
      b: { exitCode: 0, ...times },
    }).phase,
    'Succeeded',
  );
});
