import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendJson, sendText } from './api/request';
import { kubeconfig } from './kubeconfig';
import { handleKnobs } from './knobs/knobRoutes';
import { Knobs } from './knobs/Knobs';
import { RequestCounts } from './knobs/RequestCounts';
import { Registry } from './registry/Registry';
import { World } from './world/World';

export interface LabOptions {
  /** 0 (the default) takes a free port. */
  port?: number;
  seed?: number;
  /** How many clusters, the standard ones first; the whole standard world unless told. */
  clusters?: number;
  /** About how many pods there are to be altogether. */
  pods?: number;
  /** How many times faster than usual pods and controllers act. */
  speed?: number;
}

/** A running lab. */
export interface Lab {
  /** `http://127.0.0.1:<port>` */
  url: string;
  port: number;
  world: World;
  knobs: Knobs;
  /** What the API servers were asked. */
  requests: RequestCounts;
  /** Ends every connection and timer; the port is free afterwards. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts a simulated fleet in this process; throws when the port is taken. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { seed = 1, clusters, pods = 0, speed = 1 } = options;
  const server = createServer();
  server.keepAliveTimeout = 60_000;
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const registryHost = `${HOST}:${port}`;
  const url = `http://${registryHost}`;
  const knobs = new Knobs();
  const requests = new RequestCounts();
  const world = World.create({
    seed,
    clusters,
    pods,
    speed,
    registry: registryHost,
    knobs,
    requests,
  });
  const registry = new Registry({ knobs: () => knobs.registry });

  server.on('request', (req, res) => {
    const target = new URL(req.url ?? '/', url);
    const [, area, cluster = ''] = target.pathname.split('/');
    switch (area) {
      case 'clusters': {
        const api = world.api(cluster);
        target.pathname = target.pathname.slice(`/clusters/${cluster}`.length);
        if (api) {
          void api.handle(req, res, target);
        } else {
          sendText(res, 404, `no cluster "${cluster}" in this lab\n`);
        }
        break;
      }
      case 'v2':
        void registry.handle(req, res, target);
        break;
      case 'token':
        registry.issueToken(res, target);
        break;
      case 'knobs':
        void handleKnobs(req, res, {
          path: target.pathname,
          knobs,
          world,
          requests,
        });
        break;
      case 'kubeconfig':
        sendText(res, 200, kubeconfig(url, world.clusterNames));
        break;
      case 'healthz':
        sendText(res, 200, 'ok');
        break;
      case '':
        sendJson(res, 200, {
          clusters: world.clusterNames.map(name => ({
            name,
            server: `${url}/clusters/${name}`,
            kubernetesVersion: world.cluster(name)!.kubernetesVersion,
          })),
          registry: registryHost,
          seed,
        });
        break;
      default:
        sendText(res, 404, '404 page not found\n');
    }
  });

  return {
    url,
    port,
    world,
    knobs,
    requests,
    async stop() {
      world.stop();
      const closed = new Promise<void>(resolve => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
