import { createServer } from 'node:net';
import { TestbedError } from './errors.mjs';

// Below the range the kernel hands out to outgoing connections, which could take a port between choosing and using it.
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;

export function isFree(port, host = '127.0.0.1') {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** Hands out free ports of 127.0.0.1 in rising order, each once, starting at `from`. */
export function createPortAllocator(from = FIRST_PORT) {
  let next = from;
  return async function allocate() {
    while (next <= LAST_PORT) {
      const port = next;
      next += 1;
      if (await isFree(port)) return port;
    }
    throw new TestbedError(
      `no free port left between ${from} and ${LAST_PORT} on 127.0.0.1`,
    );
  };
}
