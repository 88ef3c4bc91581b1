import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A registry on a free local port that answers as the test says. */
export interface TestRegistry {
  /** e.g. `127.0.0.1:41234` */
  host: string;
  /** Path and query of every request, in their order. */
  requests: { url: string; authorization?: string; accept?: string }[];
  /** Replaces how requests are answered. */
  answer(
    handler: (request: URL, headers: IncomingMessage['headers']) => TestAnswer,
  ): void;
  stop(): Promise<void>;
}

/** `hang` never answers. */
export type TestAnswer =
  | { status?: number; headers?: Record<string, string>; body?: unknown }
  | 'hang';

export async function startRegistry(tls?: {
  key: string;
  cert: string;
}): Promise<TestRegistry> {
  const requests: TestRegistry['requests'] = [];
  let handler: Parameters<TestRegistry['answer']>[0] = () => ({ status: 404 });
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const { authorization, accept, host } = request.headers;
    requests.push({ url: request.url ?? '', authorization, accept });
    const url = new URL(request.url ?? '', `http://${host}`);
    send(response, handler(url, request.headers));
  };
  const server = tls ? createTlsServer(tls, serve) : createServer(serve);
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    requests,
    answer(next) {
      requests.length = 0;
      handler = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise(done => {
        server.close(done);
      });
    },
  };
}

function send(response: ServerResponse, answer: TestAnswer): void {
  if (answer === 'hang') {
    return;
  }
  const { status = 200, headers, body } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(text);
}
