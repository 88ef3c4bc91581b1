import type { JobPlacement } from '../config';
import type { Run, Step } from '../types';

/** Says which run a Job belongs to. */
export const RUN_ANNOTATION = 'mesh-upgrade.io/run';

/** Name of the container whose output is passed on. */
export const COMMAND_CONTAINER = 'run';

const HOME = '/tmp';
const MAX_NAME = 63;
const DAY_SECONDS = 24 * 60 * 60;

/** A file that the command reads, from a key of a ConfigMap or of a Secret. */
export interface MountedFile {
  configMap?: string;
  secret?: string;
  key: string;
  /** Where the command finds it; the file is called as the key. */
  folder: string;
}

/** One command in one container. */
export interface CommandJob {
  namespace: string;
  serviceAccount: string;
  image: string;
  command: string[];
  file?: MountedFile;
  /** Any node, when absent. */
  placement?: JobPlacement;
}

/** Fixed for a run and step, so that a second creation meets the first. */
export function jobName(
  run: Pick<Run, 'id'>,
  step: Step,
  suffix: string,
): string {
  const id = run.id.replaceAll('-', '').slice(0, 16);
  return `mesh-upgrade-${id}-${step.id}-${suffix}`
    .slice(0, MAX_NAME)
    .replace(/[-.]+$/, '');
}

/** The Job that runs a command once; it is never retried by Kubernetes. */
export function commandJob(
  run: Pick<Run, 'id'>,
  name: string,
  job: CommandJob,
): object {
  const labels = { 'app.kubernetes.io/managed-by': 'mesh-upgrade' };
  const annotations = { [RUN_ANNOTATION]: run.id };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: job.namespace, labels, annotations },
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
          ...job.placement,
          serviceAccountName: job.serviceAccount,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65534,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: COMMAND_CONTAINER,
              image: job.image,
              command: job.command,
              // Caches are kept at home, and no image has to have one.
              env: [{ name: 'HOME', value: HOME }],
              resources: {
                requests: { cpu: '100m', memory: '128Mi' },
                limits: { memory: '512Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [
                { name: 'home', mountPath: HOME },
                ...(job.file
                  ? [
                      {
                        name: 'file',
                        mountPath: job.file.folder,
                        readOnly: true,
                      },
                    ]
                  : []),
              ],
            },
          ],
          volumes: [
            { name: 'home', emptyDir: {} },
            ...(job.file ? [volumeOf(job.file)] : []),
          ],
        },
      },
    },
  };
}

function volumeOf({ configMap, secret, key }: MountedFile): object {
  const items = [{ key, path: key }];
  return {
    name: 'file',
    ...(configMap !== undefined && { configMap: { name: configMap, items } }),
    ...(secret !== undefined && { secret: { secretName: secret, items } }),
  };
}
