import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A write that an API server carried out. */
export interface ClusterWrite {
  /** When the request arrived, in milliseconds since the epoch. */
  at: number;
  /** The object, e.g. `PATCH /clusters/edge/apis/…/istios/default`; of what is created with its name. */
  target: string;
  /** What was asked for, as it was sent. */
  content: string;
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Questions in the form of a POST. */
const REVIEW = /\/apis\/authorization\.k8s\.io\//;

/**
 * The way of one replica to all API servers. It knows what that replica
 * wrote, also when the replica did not live to see the answer, and can leave
 * a share of its requests unanswered.
 */
export class ApiGate {
  readonly writes: ClusterWrite[] = [];
  /** Every request, e.g. `GET /clusters/edge/api/v1/pods?watch=1`. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #target: URL;
  #unanswered = 0;
  #random: () => number = Math.random;

  static async open(target: string): Promise<ApiGate> {
    const gate = new ApiGate(new URL(target));
    await new Promise<void>((resolve, reject) => {
      gate.#server.once('error', reject);
      gate.#server.listen(0, '127.0.0.1', resolve);
    });
    return gate;
  }

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((req, res) => {
      void this.#pass(req, res);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets a share of the requests, 0 to 1, wait for an answer that never comes. */
  leaveUnanswered(share: number, random: () => number): void {
    this.#unanswered = share;
    this.#random = random;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const at = Date.now();
    this.requests.push(`${req.method} ${req.url}`);
    if (this.#random() < this.#unanswered) {
      req.resume();
      return;
    }
    const mayWrite =
      WRITES.has(req.method!) &&
      !REVIEW.test(req.url!) &&
      !req.url!.includes('dryRun=');
    const content = mayWrite ? await text(req).catch(() => undefined) : '';
    if (content === undefined) {
      // It died before it had said what it wanted.
      return;
    }
    const onward = httpRequest(
      {
        host: this.#target.hostname,
        port: this.#target.port,
        method: req.method,
        path: req.url,
        headers: req.headers,
      },
      answer => {
        const { statusCode = 502 } = answer;
        if (mayWrite && statusCode < 300) {
          this.writes.push({ at, target: targetOf(req, content), content });
        }
        res.writeHead(statusCode, answer.headers);
        // A watch stands before it has anything to tell.
        res.flushHeaders();
        answer.pipe(res);
        answer.on('error', () => res.destroy());
      },
    );
    onward.on('error', () => res.destroy());
    // A write that is on its way arrives, whatever becomes of who sent it.
    if (mayWrite) {
      onward.end(content);
    } else {
      res.on('close', () => onward.destroy());
      req.pipe(onward);
    }
  }
}

function targetOf({ method, url }: IncomingMessage, content: string): string {
  const [path] = url!.split('?');
  const created = method === 'POST' && JSON.parse(content).metadata?.name;
  return `${method} ${path}${created ? `/${created}` : ''}`;
}
