import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writer } from 'protobufjs/minimal';
import { ClusterClient } from '../ClusterClient';
import type { KubernetesObject, ResourceType } from '../types';
import { one, readMessage, text, texts } from './index';

const PODS: ResourceType = { group: '', version: 'v1', resource: 'pods' };
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const decode = (bytes: Uint8Array) =>
  readMessage<KubernetesObject>(bytes, {
    1: one('metadata', {
      1: text('name'),
      6: text('resourceVersion'),
      12: texts('annotations'),
    }),
  });

let server: Server;
let client: ClusterClient;
let handler: (accept: string, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) =>
    handler(request.headers.accept!, response),
  );
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  client = ClusterClient.create({
    cluster: 'prod-eu',
    settings: {
      url: `http://127.0.0.1:${port}`,
      token: { value: 'sesame-4711' },
    },
  });
});

afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise(done => {
    server.close(done);
  });
});

/** A message; numbers become varints, all else has a length. */
function message(fields: [number, string | number | Uint8Array][]): Uint8Array {
  const writer = Writer.create();
  for (const [field, value] of fields) {
    if (typeof value === 'number') {
      writer.uint32(field * 8).uint32(value);
    } else if (typeof value === 'string') {
      writer.uint32(field * 8 + 2).string(value);
    } else {
      writer.uint32(field * 8 + 2).bytes(value);
    }
  }
  return writer.finish();
}

function envelope(kind: string, raw: Uint8Array): Uint8Array {
  const typeMeta = message([
    [1, 'v1'],
    [2, kind],
  ]);
  return Buffer.concat([
    Buffer.from('k8s\0'),
    message([
      [1, typeMeta],
      [2, raw],
      [3, ''],
      [4, ''],
    ]),
  ]);
}

function framed(frame: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}

function event(type: string, object: Uint8Array): Buffer {
  return framed(
    message([
      [1, type],
      [2, message([[1, object]])],
    ]),
  );
}

function pod(
  name: string,
  resourceVersion: string,
  annotation?: [string, string],
): Uint8Array {
  const metadata = message([
    [1, name],
    [6, resourceVersion],
    [7, 3],
    ...(annotation
      ? [
          [
            12,
            message([
              [1, annotation[0]],
              [2, annotation[1]],
            ]),
          ] as [number, Uint8Array],
        ]
      : []),
  ]);
  return envelope('Pod', message([[1, metadata]]));
}

function status(code: number, reason: string, words: string): Uint8Array {
  return envelope(
    'Status',
    message([
      [2, 'Failure'],
      [3, words],
      [4, reason],
      [5, message([[5, 0]])],
      [6, code],
    ]),
  );
}

/** Answers protobuf in chunks of some size. */
function streams(body: Buffer, size = body.length) {
  handler = async (_accept, response) => {
    response.writeHead(200, { 'Content-Type': `${PROTOBUF};stream=watch` });
    for (let at = 0; at < body.length; at += size) {
      response.write(body.subarray(at, at + size));
      // Every chunk becomes a packet of its own.
      await new Promise(setImmediate);
    }
    response.end();
  };
}

async function watched() {
  const events = [];
  for await (const each of client.watch(PODS, {
    initialEvents: true,
    decode,
  })) {
    events.push(each);
  }
  return events;
}

describe('a watch in protobuf', () => {
  it('tells events whatever the borders of the chunks, a last one that was cut off excepted', async () => {
    const body = Buffer.concat([
      event('ADDED', pod('größe', '1')),
      event('BOOKMARK', pod('', '3', ['k8s.io/initial-events-end', 'true'])),
      event('DELETED', pod('b', '4')),
      event('ADDED', pod('cut off', '5')).subarray(0, -2),
    ]);
    for (const size of [1, 7, 61, body.length]) {
      streams(body, size);
      expect(await watched()).toEqual([
        {
          type: 'ADDED',
          object: { metadata: { name: 'größe', resourceVersion: '1' } },
        },
        { type: 'BOOKMARK', resourceVersion: '3', initialEventsEnd: true },
        {
          type: 'DELETED',
          object: { metadata: { name: 'b', resourceVersion: '4' } },
        },
      ]);
    }
  });

  it('rejects with the words of the server, in the stream or at once', async () => {
    const gone = status(410, 'Expired', 'too old resource version: 1 (900)');
    const expected = {
      status: 410,
      reason: 'Expired',
      action: 'watch pods',
      message: expect.stringContaining('too old resource version: 1 (900)'),
      retryAfterSeconds: undefined,
    };
    streams(
      Buffer.concat([event('ADDED', pod('a', '1')), event('ERROR', gone)]),
    );
    await expect(watched()).rejects.toMatchObject(expected);

    handler = (_accept, response) => {
      response.writeHead(410, { 'Content-Type': PROTOBUF });
      response.end(gone);
    };
    await expect(watched()).rejects.toMatchObject(expected);
  });

  it('shows no token that an answer repeats', async () => {
    handler = (_accept, response) => {
      response.writeHead(403, { 'Content-Type': PROTOBUF });
      response.end(status(403, 'Forbidden', 'not with sesame-4711'));
    };
    await expect(watched()).rejects.toThrow('not with [secret]');
  });

  it.each([
    ['bytes that are no frame', Buffer.from('<html>bad gateway</html>')],
    ['an object without its envelope', event('ADDED', message([[1, 'a']]))],
    ['a frame that is no event', framed(Buffer.from([0x0a, 0x7f, 0x41]))],
  ])('rejects on %s', async (_what, body) => {
    streams(body);
    await expect(watched()).rejects.toMatchObject({
      reason: 'UnreadableAnswer',
      cluster: 'prod-eu',
    });
  });

  it('takes JSON from a server that has nothing else, or that refuses to be asked', async () => {
    const object = { metadata: { name: 'a', resourceVersion: '1' } };
    const asked: string[] = [];
    const json = (response: ServerResponse) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    };
    handler = (accept, response) => {
      asked.push(accept);
      json(response);
    };
    expect(await watched()).toEqual([{ type: 'ADDED', object }]);

    handler = (accept, response) => {
      asked.push(accept);
      if (accept === 'application/json') {
        json(response);
      } else {
        response.writeHead(406).end();
      }
    };
    expect(await watched()).toEqual([{ type: 'ADDED', object }]);
    expect(asked).toEqual([
      `${PROTOBUF},application/json`,
      `${PROTOBUF},application/json`,
      'application/json',
    ]);
  });
});
