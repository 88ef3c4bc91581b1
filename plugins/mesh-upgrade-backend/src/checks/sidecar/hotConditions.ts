import type { V1Container, V1Pod } from '@kubernetes/client-node';
import {
  compareIstioVersions,
  minorOf,
  parseIstioVersion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { proxyContainer } from './proxyContainer';
import { parseQuantity } from './quantity';

/** One condition of a hot upgrade and what was seen of it. */
export interface HotCondition {
  title: string;
  expected: string;
  /** Undefined: it could not be told. */
  holds: boolean | undefined;
  observed: string;
}

/** Image label of a proxy that is prepared for hot upgrades, and the contract it keeps. */
export const PREPARED_LABEL = 'io.github.mesh-upgrade.hot-upgrade';
const CONTRACT = 'v1';
/** Suffixes of vendors whose proxies are prepared. */
const PREPARED_SUFFIXES = ['mspider', 'hot'];
/** Image label with what Envoy answers to --hot-restart-version. */
export const HOT_RESTART_LABEL = 'io.github.mesh-upgrade.hot-restart-version';
/** First Kubernetes minor with ephemeral containers that are on by default. */
const FIRST_MINOR = 23;
/** First in which they are generally available. */
const STABLE_MINOR = 25;
/** Two Envoys with a usual configuration and the agent, measured. */
const TWO_ENVOYS_BYTES = 200 * 2 ** 20;
const STAGING_VOLUME = 'istio-data';
/** Ephemeral containers stay in the pod for its life. */
const MANY_ATTEMPTS = 5;
const DRIVER_PREFIX = 'istio-hu-';
/** Name of the container that is only tried. */
export const TRIAL_CONTAINER = `${DRIVER_PREFIX}trial`;

/** Labels of the running and of the wanted proxy image; absent where the registry did not tell. */
export interface ProxyLabels {
  running?: Record<string, string>;
  wanted?: Record<string, string>;
}

export function preparedCondition(
  versions: string[],
  labels: ProxyLabels,
): HotCondition {
  const isPrepared = (
    version: string,
    own: Record<string, string> | undefined,
  ) => {
    const family = parseIstioVersion(version)?.family;
    return (
      own?.[PREPARED_LABEL] === CONTRACT ||
      (family !== undefined &&
        PREPARED_SUFFIXES.some(suffix => family.split('-').includes(suffix)))
    );
  };
  const [wanted, ...running] = versions;
  return {
    title: 'Prepared proxy',
    expected: `Running and new proxy of a prepared family: suffix ${PREPARED_SUFFIXES.join(
      ' or ',
    )}, or image label ${PREPARED_LABEL}=${CONTRACT}`,
    holds:
      wanted === undefined || running.length === 0
        ? undefined
        : isPrepared(wanted, labels.wanted) &&
          running.every(version => isPrepared(version, labels.running)),
    observed:
      versions.length > 1
        ? `Running: ${running.join(', ')}; new: ${wanted}`
        : 'The versions are not known',
  };
}

/** Of the API server first, then of every kubelet under the pods. */
export function kubernetesCondition(versions: string[]): HotCondition {
  const minors = versions.map(minorOfKubernetes);
  const oldest = Math.min(...minors.map(minor => minor ?? Infinity));
  return {
    title: 'Kubernetes version',
    expected: `Kubernetes 1.${FIRST_MINOR} or newer, API server and every kubelet`,
    holds: minors.some(minor => minor === undefined)
      ? undefined
      : oldest >= FIRST_MINOR,
    observed: `Kubernetes ${[...new Set(versions)]
      .map(version => version.replace(/^v/, ''))
      .join(', ')}${
      oldest >= FIRST_MINOR && oldest < STABLE_MINOR
        ? `; ephemeral containers are only a preview before 1.${STABLE_MINOR}`
        : ''
    }`,
  };
}

export function hotRestartCondition({
  running,
  wanted,
}: ProxyLabels): HotCondition {
  const from = running?.[HOT_RESTART_LABEL];
  const to = wanted?.[HOT_RESTART_LABEL];
  return {
    title: 'Hot restart of Envoy',
    expected: 'The same hot restart version in both images',
    holds: from === undefined || to === undefined ? undefined : from === to,
    observed: `Running: ${from ?? 'not labelled'}; new: ${
      to ?? 'not labelled'
    }`,
  };
}

/** The agent of the pod stays, so the new Envoy may be one minor ahead of it at most. */
export function distanceCondition(
  wanted: string | undefined,
  running: string[],
): HotCondition {
  const to = parseIstioVersion(wanted ?? '');
  const from = running.map(version => parseIstioVersion(version));
  const readable = from.every(version => version !== undefined);
  return {
    title: 'Distance of the versions',
    expected: 'Not lower, and at most one minor above the running agent',
    holds:
      to && from.length > 0 && readable
        ? from.every(
            each =>
              each!.family === to.family &&
              each!.major === to.major &&
              compareIstioVersions(each!, to) <= 0 &&
              to.minor - each!.minor <= 1,
          )
        : undefined,
    observed: to
      ? `Running: ${running.join(', ') || 'nothing'}; new: ${
          to.raw
        }, minor ${minorOf(to)}`
      : 'The new version is not known',
  };
}

/** What only a real pod tells. */
export function podConditions(pod: V1Pod): HotCondition[] {
  const proxy = proxyContainer(pod.spec)?.container;
  const name = `Pod ${pod.metadata?.name}`;
  const mounted = proxy?.volumeMounts?.some(
    mount => mount.name === STAGING_VOLUME,
  );
  const limit = proxy?.resources?.limits?.memory;
  const mode = interceptionMode(proxy, pod);
  const attempts = (pod.spec?.ephemeralContainers ?? []).filter(
    ({ name: each }) =>
      each.startsWith(DRIVER_PREFIX) && each !== TRIAL_CONTAINER,
  ).length;
  return [
    {
      title: 'Staging volume',
      expected: `The proxy mounts the volume ${STAGING_VOLUME}`,
      holds: mounted ?? false,
      observed: `${name}: ${mounted ? 'mounted' : 'not mounted'}`,
    },
    {
      title: 'Memory for two Envoys',
      expected: `No memory limit of the proxy, or at least ${
        TWO_ENVOYS_BYTES / 2 ** 20
      }Mi: with less the kernel kills the running Envoy`,
      holds:
        limit === undefined || (parseQuantity(limit) ?? 0) >= TWO_ENVOYS_BYTES,
      observed: `${name}: ${
        limit === undefined ? 'no limit' : `limit ${limit}`
      }`,
    },
    {
      title: 'Redirection of traffic',
      expected: 'Not TPROXY, whose sockets cannot be handed over',
      holds: mode !== 'TPROXY',
      observed: `${name}: ${mode}`,
    },
    {
      title: 'Earlier hot upgrades',
      expected: `Fewer than ${MANY_ATTEMPTS} in the pod: what is added to a pod stays for its life`,
      holds: attempts < MANY_ATTEMPTS,
      observed: `${name}: ${attempts}`,
    },
  ];
}

function interceptionMode(proxy: V1Container | undefined, pod: V1Pod): string {
  return (
    pod.metadata?.annotations?.['sidecar.istio.io/interceptionMode'] ??
    proxy?.env?.find(({ name }) => name === 'ISTIO_META_INTERCEPTION_MODE')
      ?.value ??
    'REDIRECT'
  );
}

function minorOfKubernetes(version: string): number | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) {
    return undefined;
  }
  return Number(major) > 1 ? Infinity : Number(minor);
}
