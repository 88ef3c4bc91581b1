import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { HelmCharts } from '../../packages/lab/src/operators/charts/HelmCharts';
import { FolderGit } from '../../packages/lab/src/operators/git/FolderGit';
import { OPERATORS } from '../../packages/lab/src/operators/operators';
import { ApiOperatorCluster } from '../../packages/lab/src/operators/runtime/ApiOperatorCluster';
import { runOperators } from '../../packages/lab/src/operators/runtime/runOperators';
import { KubeApi } from '../../testbed/lib/kube-api.mjs';

/** Runs the lab's operators of Sail and Flux on a cluster of the testbed, with the real helm. */
async function main() {
  const { values } = parseArgs({
    options: {
      kubeconfig: { type: 'string', default: '' },
      helm: { type: 'string', default: '' },
      registry: { type: 'string', default: '' },
      git: { type: 'string', default: '' },
    },
  });
  const { clusters, users } = JSON.parse(
    readFileSync(values.kubeconfig, 'utf8'),
  );
  const { server } = clusters[0].cluster;
  const authority = clusters[0].cluster['certificate-authority-data'];
  const api = new KubeApi({
    server,
    ca: Buffer.from(authority, 'base64').toString(),
    token: users[0].user.token,
  });
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort());
  await runOperators(
    new ApiOperatorCluster(api, {
      git: new FolderGit(values.git),
      charts: cluster =>
        new HelmCharts(cluster, {
          program: values.helm,
          env: { ...process.env, KUBECONFIG: values.kubeconfig },
          repository: `oci://${values.registry}/charts`,
        }),
    }),
    // The testbed has an Argo CD of its own.
    OPERATORS.filter(({ maker }) => maker !== 'argocd'),
    { signal: ending.signal },
  );
  api.close();
}

void main();
