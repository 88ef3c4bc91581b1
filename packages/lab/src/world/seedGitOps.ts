import { createHash } from 'node:crypto';
import { ISTIO_NAMESPACE } from '../controlPlane/names';
import {
  APPLICATIONS,
  FLUX_HELM_RELEASES,
  GIT_REPOSITORIES,
  HELM_REPOSITORIES,
  KUSTOMIZATIONS,
  OCI_REPOSITORIES,
  type Resource,
} from '../kubernetes/resources';
import type {
  Application,
  Draft,
  FluxHelmRelease,
  IstioValues,
  OciRepository,
} from '../kubernetes/types';
import { withMarks, type Marks } from '../operators/charts/marks';
import { fluxStatus } from '../operators/flux/conditions';
import type { MeshBlueprint } from './blueprint';
import { seedDefinition } from './seedDefinitions';
import {
  EARLIER_RELEASES,
  seedObjects,
  seedReleases,
} from './seedInstallation';
import type { Seeder } from './Seeder';

/** Where the manifests of a control plane are in Git. */
const FOLDER = './mesh';
const FLUX_NAMESPACE = 'flux-system';
const ARGO_NAMESPACE = 'argocd';

const SETTLED = {
  ready: 'True',
  reason: 'ReconciliationSucceeded',
  message: 'Applied revision: main',
} as const;

interface Installation {
  values: IstioValues;
  registry: string;
}

/** Flux installs from charts; a Kustomization keeps the source of istiod's in Git. */
export function seedFlux(
  seeder: Seeder,
  mesh: MeshBlueprint,
  { values, registry }: Installation,
) {
  const digest = createHash('sha256')
    .update(`istiod:${mesh.version}`)
    .digest('hex');
  [
    FLUX_HELM_RELEASES,
    OCI_REPOSITORIES,
    HELM_REPOSITORIES,
    GIT_REPOSITORIES,
    KUSTOMIZATIONS,
  ].forEach(resource => seedDefinition(seeder, resource as Resource));
  const charts = `oci://${registry}/charts`;
  const source: Draft<OciRepository> = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: 'istiod', namespace: ISTIO_NAMESPACE },
    spec: {
      url: `${charts}/istiod`,
      ref: { tag: mesh.version },
      insecure: true,
    },
  };
  seeder.put(HELM_REPOSITORIES, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata: { name: 'istio', namespace: ISTIO_NAMESPACE },
    spec: { url: charts, type: 'oci', insecure: true },
  });
  seeder.put(GIT_REPOSITORIES, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'fleet', namespace: FLUX_NAMESPACE },
    spec: { url: 'https://git.example.com/platform/fleet' },
  });
  const kustomization = seeder.put(KUSTOMIZATIONS, {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'mesh', namespace: FLUX_NAMESPACE },
    spec: {
      path: FOLDER,
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'fleet' },
    },
  });
  seeder.settle(KUSTOMIZATIONS, kustomization, each => ({
    ...each,
    status: fluxStatus(each, SETTLED, seeder.now),
  }));
  seeder.cluster.git.seed(FOLDER, [source]);
  const kept = withMarks(OCI_REPOSITORIES as Resource, source, {
    labels: {
      'kustomize.toolkit.fluxcd.io/name': 'mesh',
      'kustomize.toolkit.fluxcd.io/namespace': FLUX_NAMESPACE,
    },
  });
  const revision = `${mesh.version}@sha256:${digest}`;
  seeder.settle(OCI_REPOSITORIES, seeder.put(OCI_REPOSITORIES, kept), each => ({
    ...each,
    status: {
      ...fluxStatus(
        each,
        {
          ready: 'True',
          reason: 'Succeeded',
          message: `stored artifact for digest '${revision}'`,
        },
        seeder.now,
      ),
      artifact: { revision, digest: `sha256:${digest}` },
    },
  }));
  seedHelmRelease(seeder, mesh, {
    name: 'istio-base',
    chartVersion: mesh.version,
    spec: {
      chart: {
        spec: {
          chart: 'base',
          version: mesh.version,
          sourceRef: { kind: 'HelmRepository', name: 'istio' },
        },
      },
    },
  });
  seedHelmRelease(seeder, mesh, {
    name: 'istiod',
    chartVersion: `${mesh.version}+${digest.slice(0, 12)}`,
    spec: { chartRef: { kind: 'OCIRepository', name: 'istiod' }, values },
  });
  const releases = releasesUpTo(mesh.version);
  seedReleases(seeder, 'istio-base', releases, {}, 'base');
  seedReleases(seeder, 'istiod', releases, values);
  seedFromChart(
    seeder,
    mesh,
    { values, registry },
    {
      labels: {
        'helm.toolkit.fluxcd.io/name': 'istiod',
        'helm.toolkit.fluxcd.io/namespace': ISTIO_NAMESPACE,
      },
    },
  );
}

function seedHelmRelease(
  seeder: Seeder,
  { version }: MeshBlueprint,
  release: {
    name: string;
    chartVersion: string;
    spec: FluxHelmRelease['spec'];
  },
) {
  const { name, chartVersion, spec } = release;
  const chart = name.replace(/^istio-/, '');
  const object = seeder.put(FLUX_HELM_RELEASES, {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name, namespace: ISTIO_NAMESPACE },
    spec: { interval: '10m', ...spec },
  });
  const now = seeder.now;
  seeder.settle(FLUX_HELM_RELEASES, object, each => ({
    ...each,
    status: {
      ...fluxStatus(
        each,
        {
          ready: 'True',
          reason: 'UpgradeSucceeded',
          message: `Helm upgrade succeeded for release ${ISTIO_NAMESPACE}/${name} with chart ${chart}@${chartVersion}`,
        },
        now,
      ),
      lastAttemptedRevision: chartVersion,
      lastAttemptedGeneration: 1,
      history: [
        {
          name,
          namespace: ISTIO_NAMESPACE,
          version: releasesUpTo(version).length,
          chartName: chart,
          chartVersion,
          status: 'deployed',
          firstDeployed: now,
          lastDeployed: now,
        },
      ],
    },
  }));
}

/** Argo CD installs from charts; an Application of Applications keeps istiod's in Git. */
export function seedArgoCd(
  seeder: Seeder,
  mesh: MeshBlueprint,
  { values, registry }: Installation,
) {
  seedDefinition(seeder, APPLICATIONS as Resource);
  const ofChart = (
    name: string,
    chart: string,
    valuesObject: IstioValues,
  ): Draft<Application> => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: ARGO_NAMESPACE },
    spec: {
      project: 'default',
      source: {
        repoURL: `${registry}/charts`,
        chart,
        targetRevision: mesh.version,
        helm: { valuesObject },
      },
      destination: {
        server: 'https://kubernetes.default.svc',
        namespace: ISTIO_NAMESPACE,
      },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  });
  const istiod = ofChart('istiod', 'istiod', values);
  seeder.cluster.git.seed(FOLDER, [istiod]);
  seedApplication(seeder, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'mesh', namespace: ARGO_NAMESPACE },
    spec: {
      project: 'default',
      source: {
        repoURL: 'https://git.example.com/platform/fleet',
        path: FOLDER,
        targetRevision: 'main',
      },
      destination: {
        server: 'https://kubernetes.default.svc',
        namespace: ARGO_NAMESPACE,
      },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  });
  seedApplication(seeder, ofChart('istio-base', 'base', {}));
  seedApplication(
    seeder,
    withMarks(APPLICATIONS as Resource, istiod, { application: 'mesh' }),
  );
  seedFromChart(seeder, mesh, { values, registry }, { application: 'istiod' });
}

function seedApplication(seeder: Seeder, draft: Draft<Application>) {
  const { source } = draft.spec;
  const revision = source.targetRevision ?? '';
  const now = seeder.now;
  seeder.put(APPLICATIONS, {
    ...draft,
    status: {
      sync: { status: 'Synced', revision },
      health: { status: 'Healthy' },
      operationState: {
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        startedAt: now,
        finishedAt: now,
        operation: { initiatedBy: { automated: true }, sync: { revision } },
        syncResult: { revision, source },
      },
      history: [{ id: 0, revision, deployedAt: now, source }],
    },
  });
}

/** A control plane from the chart of the registry, which knows the hub. */
function seedFromChart(
  seeder: Seeder,
  mesh: MeshBlueprint,
  { values, registry }: Installation,
  marks: Marks,
) {
  seedObjects(seeder, {
    mesh,
    values: {
      ...values,
      global: {
        hub: `${registry}/${mesh.hub}`,
        tag: mesh.version,
        istioNamespace: ISTIO_NAMESPACE,
        proxy: { image: 'proxyv2' },
        ...values.global,
      },
    },
    release: 'istiod',
    marks,
    ...(marks.application && { installer: 'argocd' }),
  });
}

function releasesUpTo(version: string): string[] {
  return EARLIER_RELEASES.slice(0, EARLIER_RELEASES.indexOf(version) + 1);
}
