import { toError } from '@backstage/errors';
import {
  parseIstioVersion,
  type WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { info } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { workloadName } from './workloadName';

const HOT_FAMILY = 'mspider';
/** First Kubernetes minor in which ephemeral containers are on by default. */
const FIRST_MINOR = 23;
const REMEDY = 'None needed: the restart upgrade will be used.';

/** Whether one condition holds and what was seen; undefined: it could not be told. */
interface Condition {
  title: string;
  expected: string;
  holds: boolean | undefined;
  observed: string;
}

/**
 * The three conditions under which sidecars could be replaced without a
 * restart. They only inform, so they never stand in the way of a restart.
 */
export function hotUpgradeConditions(): SidecarCheck {
  return {
    id: 'hot-upgrade-conditions',
    title: 'Conditions of a hot upgrade',
    worst: 'info',
    async run({ workload, client, kubernetesVersion, once }) {
      const conditions = await Promise.all([
        familyCondition(workload),
        kubernetesCondition(kubernetesVersion()),
        ephemeralContainersCondition(
          once(`serves pods/ephemeralcontainers ${workload.cluster}`, signal =>
            client.serves(
              {
                group: '',
                version: 'v1',
                resource: 'pods/ephemeralcontainers',
              },
              { signal },
            ),
          ),
        ),
      ]);
      return conditions.map(({ title, expected, holds, observed }) =>
        info({
          title: `${title}: ${answer(holds)}; restart upgrade will be used`,
          object: workloadName(workload),
          observed,
          expected,
          remedy: REMEDY,
        }),
      );
    },
  };
}

function answer(holds: boolean | undefined): string {
  if (holds === undefined) {
    return 'not known';
  }
  return holds ? 'met' : 'not met';
}

function familyCondition({ desiredVersion }: WorkloadDetail): Condition {
  const family = parseIstioVersion(desiredVersion ?? '')?.family;
  return {
    title: 'Version family',
    expected: `A version of the family '${HOT_FAMILY}'`,
    holds: family === undefined ? undefined : family === HOT_FAMILY,
    observed: desiredVersion ?? 'The version is not known',
  };
}

async function kubernetesCondition(
  version: Promise<string>,
): Promise<Condition> {
  const condition = {
    title: 'Kubernetes version',
    expected: `Kubernetes 1.${FIRST_MINOR} or newer`,
  };
  try {
    const gitVersion = await version;
    const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(gitVersion) ?? [];
    return {
      ...condition,
      holds: major
        ? Number(major) > 1 || Number(minor) >= FIRST_MINOR
        : undefined,
      observed: `Kubernetes ${gitVersion.replace(/^v/, '')}`,
    };
  } catch (error) {
    return { ...condition, holds: undefined, observed: toError(error).message };
  }
}

async function ephemeralContainersCondition(
  served: Promise<boolean>,
): Promise<Condition> {
  const condition = {
    title: 'Ephemeral containers',
    expected: 'The API server serves pods/ephemeralcontainers',
  };
  try {
    const holds = await served;
    return {
      ...condition,
      holds,
      observed: holds ? 'It serves them' : 'It does not serve them',
    };
  } catch (error) {
    return { ...condition, holds: undefined, observed: toError(error).message };
  }
}
