import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { withLock } from '../lib/lock.mjs';
import { poll } from '../lib/poll.mjs';
import { createPortAllocator } from '../lib/ports.mjs';
import { isSameProcess, processIdentity } from '../lib/process-identity.mjs';
import {
  assertRunning,
  startProcess,
  stopProcesses,
} from '../lib/processes.mjs';

let directory;
before(
  async () => (directory = await mkdtemp(join(tmpdir(), 'testbed-test-'))),
);
after(() => directory && rm(directory, { recursive: true }));

function startShell(name, script) {
  return startProcess({
    name,
    program: 'sh',
    args: ['-c', script],
    log: join(directory, `${name}.log`),
  });
}

test('a process that ignores SIGTERM is ended together with its children', async () => {
  const record = startShell(
    'stubborn',
    'trap "" TERM; sleep 300 & echo $!; wait; wait',
  );
  const child = await poll(
    'child started',
    async () => Number(await readFile(record.log, 'utf8')) || undefined,
  );
  assert.ok(isSameProcess(record));
  await stopProcesses([record], { graceMs: 200 });
  assert.equal(isSameProcess(record), false);
  await poll('child ended', () => (processIdentity(child) ? undefined : true));
});

test('a pid that was given to another process is left alone', async () => {
  const record = startShell('other', 'sleep 300');
  await stopProcesses([{ ...record, startTime: '1' }], { graceMs: 100 });
  assert.ok(isSameProcess(record));
  await stopProcesses([record]);
});

test('a process that ended on its own is reported with the end of its log', async () => {
  const record = startShell('broken', 'echo "cannot listen"; exit 1');
  await poll('end', () => (isSameProcess(record) ? undefined : true));
  assert.throws(
    () => assertRunning(record),
    /broken ended on its own.*cannot listen/s,
  );
});

test('ports are given once each, and never one that is taken', async () => {
  const first = await createPortAllocator(29_000)();
  const server = createServer().listen(first, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const allocate = createPortAllocator(first);
  const ports = [await allocate(), await allocate()];
  await new Promise(resolve => server.close(resolve));
  assert.ok(
    ports[0] > first && ports[1] > ports[0],
    `${first} is taken, got ${ports}`,
  );
});

test('of two that want the same lock one waits for the other, and a lock of a dead process is taken over', async () => {
  const file = join(directory, 'lock');
  const order = [];
  const first = withLock(file, async () => {
    await poll('second waiting', () =>
      order.includes('second waits') ? true : undefined,
    );
    order.push('first done');
  });
  await poll('lock taken', () => readFile(file, 'utf8'));
  await withLock(file, async () => order.push('second runs'), {
    onWait: () => order.push('second waits'),
  });
  await first;
  assert.deepEqual(order, ['second waits', 'first done', 'second runs']);

  const dead = startShell('dead', 'exit 0');
  await stopProcesses([dead]);
  await writeFile(
    file,
    JSON.stringify({ pid: dead.pid, startTime: dead.startTime }),
  );
  assert.equal(await withLock(file, async () => 'mine'), 'mine');
});
