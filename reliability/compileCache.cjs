// Preloaded into backends that are started again and again: what was compiled
// is kept when it is told to by SIGUSR2, as who is killed keeps nothing.
'use strict';

const { enableCompileCache, flushCompileCache } = require('node:module');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  enableCompileCache(process.env.COMPILE_CACHE);
  process.on('SIGUSR2', () => flushCompileCache());
}
