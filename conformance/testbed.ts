import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { ConfigReader } from '@backstage/config';
import { ClusterClient } from '../plugins/mesh-upgrade-backend/src/clusters';
import { readClusters } from '../plugins/mesh-upgrade-backend/src/clusters/config/readClusters';
import { PlatformUnavailable, type Caller, type Platform } from './Platform';

const ROLE_BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterrolebindings',
};

interface Status {
  up: boolean;
  kubeconfig: string | null;
  clusters: {
    name: string;
    context: string;
    etcd: string;
    istiod: object | null;
  }[];
}

/** Makes etcd forget every former version, which an API server does every five minutes. */
async function compact(etcd: string): Promise<void> {
  const ask = async (path: string, question: object) => {
    const response = await fetch(`${etcd}/v3/kv/${path}`, {
      method: 'POST',
      body: JSON.stringify(question),
    });
    if (!response.ok) {
      throw new Error(`etcd at ${etcd}: ${path}: ${await response.text()}`);
    }
    return response.json();
  };
  const key = Buffer.from('/').toString('base64');
  const { header } = await ask('range', { key });
  await ask('compaction', { revision: header.revision, physical: true });
}

async function testbedStatus(): Promise<Status> {
  const cli = resolve(__dirname, '../testbed/cli.mjs');
  const run = promisify(execFile);
  // A testbed that is down is told by the exit code too; the document is there all the same.
  const { stdout } = await run(process.execPath, [
    cli,
    'status',
    '--json',
  ]).catch(failure => failure as { stdout: string });
  return JSON.parse(stdout);
}

/** The first cluster of a running testbed that has Istio. */
export async function connectTestbedPlatform(): Promise<Platform> {
  const status = await testbedStatus();
  const cluster = status.clusters.find(({ istiod }) => istiod);
  if (!status.up || !status.kubeconfig || !cluster) {
    throw new PlatformUnavailable(
      'The testbed is not up with Istio on it: run "npm run testbed -- up" first.',
    );
  }
  const [entry] = await readClusters(
    new ConfigReader({
      meshUpgrade: {
        kubeconfig: [{ file: status.kubeconfig, contexts: [cluster.context] }],
      },
    }),
  );
  if (!('settings' in entry)) {
    throw new PlatformUnavailable(`${entry.misconfiguration} ${entry.remedy}`);
  }
  const { settings } = entry;
  const reader = `conformance-reader-${randomBytes(4).toString('hex')}`;
  const identities: Record<Caller, typeof settings> = {
    admin: settings,
    // Not a token of its own, but authorised exactly as one would be.
    reader: { ...settings, impersonateUser: reader },
    stranger: { ...settings, token: { value: 'nobody' } },
  };
  const connect: Platform['connect'] = (caller, options) =>
    ClusterClient.create({
      cluster: cluster.name,
      settings: identities[caller],
      ...options,
    });
  const admin = connect('admin');
  await admin.create(ROLE_BINDINGS, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: reader },
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'view',
    },
    subjects: [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: reader },
    ],
  });
  return {
    name: 'testbed',
    connect,
    async expiredContinueToken() {
      await compact(cluster.etcd);
      return Buffer.from(
        JSON.stringify({ v: 'meta.k8s.io/v1', rv: 1, start: 'a\u0000' }),
      ).toString('base64url');
    },
    // Its definition came with Istio, after the API server had written much else.
    youngResource: {
      group: 'networking.istio.io',
      version: 'v1',
      resource: 'virtualservices',
    },
    async stop() {
      await admin.delete({ ...ROLE_BINDINGS, name: reader });
      await admin.close();
    },
  };
}
