// Preloaded into every server process. Its standard input is a pipe that
// nobody writes to: it ends exactly when the parent does, even by SIGKILL.
'use strict';

const { isMainThread } = require('node:worker_threads');

const GRACE_MS = 5000;

// Worker threads preload it too, with a standard input of their own.
if (isMainThread) {
  process.stdin.on('error', () => {});
  process.stdin.on('close', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  });
  process.stdin.resume();
  process.stdin.unref();
}
