import { InputError } from '@backstage/errors';
import type { KubernetesClient, KubernetesObject } from '../../clusters/types';
import { releaseHistory } from '../../helm/release';
import { releaseNamedBy } from '../../helm/releaseMarks';
import type { HelmSettings } from '../config';
import { HELM_JOB_ACTION, type HelmJobParameters } from '../jobs/helmTask';
import { jobSettings } from './helmJobSettings';
import { releaseYaml } from './releaseYaml';
import type { DriverPlan } from './types';

/**
 * Plans `helm rollback` to the newest revision of a release at a chart version:
 * chart and values are those of then, out of helm's own memory, and no
 * repository has to have the chart still. `base` is not rolled back: the CRDs
 * of the newer version serve the older one, and what was stored by them would
 * be lost.
 *
 * @throws InputError when helm remembers no such revision
 */
export async function planRollback(input: {
  client: KubernetesClient;
  cluster: string;
  /** What the release made. */
  owned: KubernetesObject;
  namespace: string;
  targetVersion: string;
  installs: { deployment?: string; daemonSet?: string };
  settings: HelmSettings & { image: string };
  signal: AbortSignal;
}): Promise<DriverPlan> {
  const { client, cluster, owned, targetVersion, settings, signal } = input;
  const workload = `${input.namespace}/${owned.metadata.name}`;
  const named = releaseNamedBy(owned.metadata);
  if (!named) {
    throw new InputError(
      `Cluster '${cluster}': ${workload} names no Helm release that could be rolled back`,
    );
  }
  const { name, namespace } = named;
  const history = await releaseHistory(client, { ...named, signal });
  const [current, ...former] = history;
  // Others never stood, or stand for something that did not work.
  const goal = former.find(
    ({ chart, status = '' }) =>
      chart.version === targetVersion &&
      ['deployed', 'superseded'].includes(status),
  );
  if (!current || !goal) {
    throw new InputError(
      `Cluster '${cluster}', Helm release ${namespace}/${name}: helm remembers no revision with chart version ${targetVersion} (it remembers ${
        history
          .map(({ revision, chart }) => `${revision}: ${chart.version}`)
          .join(', ') || 'none'
      }); look at helm history ${name} -n ${namespace}`,
    );
  }
  const parameters: HelmJobParameters = {
    release: name,
    namespace,
    chart: goal.chart.name,
    version: targetVersion,
    set: [],
    ...jobSettings(settings),
    rollbackTo: goal.revision,
    ...input.installs,
  };
  return {
    changes: [
      {
        cluster,
        object: `Helm release ${namespace}/${name}`,
        before: `revision ${current.revision}: chart ${current.chart.name} ${current.chart.version}`,
        after: `revision ${goal.revision} again: chart ${goal.chart.name} ${goal.chart.version}`,
        effect: `A Job in namespace ${settings.namespace} runs helm rollback, which rolls ${workload} back with the values of then: changes of values since are taken back, too`,
        yaml: { before: releaseYaml(current), after: releaseYaml(goal) },
      },
    ],
    steps: [
      {
        phase: 'upgrade',
        title: owned.metadata.name,
        cluster,
        action: HELM_JOB_ACTION,
        parameters,
      },
    ],
  };
}
