import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ARGOCD_NAMESPACE,
  createArgoCdObject,
  startArgoCd,
} from './argocd.mjs';
import { TestbedError } from './errors.mjs';
import { KubeApi } from './kube-api.mjs';
import { poll } from './poll.mjs';
import { runCommand } from './run-command.mjs';

/** Of the Applications, by chart. */
const NAMES = { base: 'istio-base', istiod: 'istiod', cni: 'istio-cni' };

/**
 * Istio as Applications of Argo CD that nobody keeps in Git: `istiod` and `istio-cni` heal themselves, `istio-base` is
 * synced by hand. A Git repository, which Argo CD may read, holds the same Applications for a parent that should keep them.
 */
export async function installWithArgoCd({
  cluster,
  install,
  namespace,
  values,
  registry,
  ...context
}) {
  await startArgoCd({ cluster, ...context });
  const applications = [
    application({
      ...{ install, registry, namespace, values, chart: 'base' },
      syncOptions: ['CreateNamespace=true', 'ServerSideApply=true'],
    }),
    application({
      ...{ install, registry, namespace, values, chart: 'istiod' },
      automated: { prune: true, selfHeal: true },
      // Compared on the server's side, the status of a Deployment has fields that this Argo CD does not know.
      syncOptions: ['CreateNamespace=true'],
    }),
    application({
      ...{ install, registry, namespace, values, chart: 'cni' },
      automated: { prune: true, selfHeal: true },
      syncOptions: ['CreateNamespace=true'],
    }),
  ];
  const git = await commitApplications(
    join(cluster.directory, 'argocd', 'git'),
    applications,
  );
  const api = new KubeApi(cluster);
  try {
    await createRepository(api, 'charts', {
      ...{ type: 'helm', name: 'charts', enableOCI: 'true' },
      url: `${registry}/charts`,
    });
    await createRepository(api, 'applications', { type: 'git', url: git });
    for (const body of applications) {
      await createArgoCdObject(api, 'applications', {
        ...body,
        ...(!body.spec.syncPolicy.automated && {
          operation: {
            sync: { syncOptions: body.spec.syncPolicy.syncOptions },
          },
        }),
      });
      await installed(api, body.metadata.name);
    }
  } finally {
    api.close();
  }
}

function application({
  install,
  registry,
  namespace,
  values,
  chart,
  automated,
  syncOptions,
}) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: NAMES[chart],
      namespace: ARGOCD_NAMESPACE,
    },
    spec: {
      project: 'default',
      source: {
        repoURL: `${registry}/charts`,
        chart,
        targetRevision: install.version,
        helm: { valuesObject: values[chart] ?? {} },
      },
      destination: { server: 'https://kubernetes.default.svc', namespace },
      syncPolicy: { automated, syncOptions },
      // istiod writes them itself.
      ignoreDifferences: [
        'MutatingWebhookConfiguration',
        'ValidatingWebhookConfiguration',
      ].map(kind => ({
        group: 'admissionregistration.k8s.io',
        kind,
        jqPathExpressions: [
          '.webhooks[]?.clientConfig.caBundle',
          '.webhooks[]?.failurePolicy',
        ],
      })),
    },
  };
}

/** Returns the URL of a repository whose branch `main` has a file for each Application in `applications/`. */
async function commitApplications(directory, applications) {
  const folder = join(directory, 'applications');
  await mkdir(folder, { recursive: true });
  for (const body of applications)
    await writeFile(
      join(folder, `${body.metadata.name}.json`),
      `${JSON.stringify(body, undefined, 2)}\n`,
    );
  const git = (...args) =>
    runCommand('git', [
      ...['-C', directory, '-c', 'user.name=testbed'],
      ...['-c', 'user.email=testbed@localhost', ...args],
    ]);
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'Istio');
  return pathToFileURL(directory).href;
}

function createRepository(api, name, stringData) {
  return api.ensure(`/api/v1/namespaces/${ARGOCD_NAMESPACE}/secrets`, {
    metadata: {
      name: `repository-${name}`,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    },
    stringData,
  });
}

async function installed(api, name) {
  let last;
  try {
    await poll(
      `Application ${name} being installed`,
      async () => {
        const { status = {} } = await api.get(
          `/apis/argoproj.io/v1alpha1/namespaces/${ARGOCD_NAMESPACE}/applications/${name}`,
        );
        last = status;
        return status.operationState?.phase === 'Succeeded' || undefined;
      },
      { timeoutMs: 120_000, intervalMs: 200 },
    );
  } catch (error) {
    const said = [
      last?.operationState?.message,
      ...(last?.conditions ?? []).map(({ message }) => message),
    ].filter(Boolean);
    throw new TestbedError([error.message, ...said].join('; '), {
      cause: error,
    });
  }
}
