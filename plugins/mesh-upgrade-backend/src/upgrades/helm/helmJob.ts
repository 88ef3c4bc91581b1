import type { Run, Step } from '../types';

export interface HelmJobParameters extends Record<string, unknown> {
  release: string;
  /** Namespace of the release. */
  namespace: string;
  chart: string;
  version: string;
  /** Values that the user pins and that must move with the version. */
  set: string[];
  image: string;
  chartRepository: string;
  plainHttp: boolean;
  jobNamespace: string;
  serviceAccount: string;
  /** Present when the chart installs istiod: its Deployment. */
  deployment?: string;
}

export const RUN_ANNOTATION = 'mesh-upgrade.io/run';
const MAX_NAME = 63;
const DAY_SECONDS = 24 * 60 * 60;

/** Fixed for a run and step, so that a second creation meets the first. */
export function helmJobName(run: Run, step: Step): string {
  const { release } = step.parameters as HelmJobParameters;
  const id = run.id.replaceAll('-', '').slice(0, 16);
  return `mesh-upgrade-${id}-${step.id}-${release}`
    .slice(0, MAX_NAME)
    .replace(/[-.]+$/, '');
}

/** The command, as a person could type it. */
export function helmCommand(parameters: HelmJobParameters): string[] {
  const { release, chart, chartRepository, version, namespace } = parameters;
  return [
    'helm',
    'upgrade',
    release,
    `${chartRepository}/${chart}`,
    '--version',
    version,
    '--namespace',
    namespace,
    '--reset-then-reuse-values',
    ...parameters.set.flatMap(value => ['--set', value]),
    '--wait',
    '--timeout',
    '5m',
    ...(parameters.plainHttp ? ['--plain-http'] : []),
  ];
}

/** The Job that upgrades one release; it is never retried by Kubernetes. */
export function helmJob(run: Run, name: string, step: Step): object {
  const parameters = step.parameters as HelmJobParameters;
  const labels = { 'app.kubernetes.io/managed-by': 'mesh-upgrade' };
  const annotations = { [RUN_ANNOTATION]: run.id };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: parameters.jobNamespace,
      labels,
      annotations,
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 600,
      ttlSecondsAfterFinished: DAY_SECONDS,
      template: {
        metadata: {
          // Injected, the sidecar would keep the Job from ever completing.
          labels: { ...labels, 'sidecar.istio.io/inject': 'false' },
          annotations,
        },
        spec: {
          restartPolicy: 'Never',
          serviceAccountName: parameters.serviceAccount,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65534,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'run',
              image: parameters.image,
              command: helmCommand(parameters),
              // helm keeps caches at home, where this user may not write.
              env: [{ name: 'HOME', value: '/tmp' }],
              resources: {
                requests: { cpu: '100m', memory: '128Mi' },
                limits: { memory: '512Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  };
}
