import { createServer } from 'node:net';
import { TestbedError } from './errors.mjs';

// Below the range the kernel hands out to outgoing connections, which could take a port between choosing and using it.
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
/** Ports a testbed of several clusters may use. */
const BLOCK = 200;

export function isFree(port, host = '127.0.0.1') {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** Somewhere in the range: two testbeds that start at the same moment would both find the same first ports free. */
function anyBlock() {
  const blocks = (LAST_PORT + 1 - FIRST_PORT) / BLOCK - 1;
  return FIRST_PORT + BLOCK * Math.floor(Math.random() * blocks);
}

/** Hands out free ports of 127.0.0.1 in rising order, each once, starting at `from`. */
export function createPortAllocator(from = anyBlock()) {
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
