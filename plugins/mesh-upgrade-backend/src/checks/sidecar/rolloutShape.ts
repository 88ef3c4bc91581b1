import type { FreshWorkload } from './freshWorkload';

/** How many pods a restart adds and takes away at a time. */
export interface RolloutShape {
  replicas: number;
  /** Old pods all go before the first new one comes. */
  recreate: boolean;
  surge: number;
  unavailable: number;
}

const DEFAULT_SHARE = '25%';

/** As the controllers round: surge up, unavailable down, and never neither. */
export function rolloutShape(
  kind: string,
  { spec }: Pick<FreshWorkload, 'spec'>,
): RolloutShape {
  const replicas = spec?.replicas ?? 1;
  if (kind !== 'Deployment') {
    return { replicas, recreate: false, surge: 0, unavailable: 1 };
  }
  if (spec?.strategy?.type === 'Recreate') {
    return { replicas, recreate: true, surge: 0, unavailable: replicas };
  }
  const { maxSurge, maxUnavailable } = spec?.strategy?.rollingUpdate ?? {};
  const surge = podsOf(maxSurge ?? DEFAULT_SHARE, replicas, Math.ceil);
  const unavailable = podsOf(
    maxUnavailable ?? DEFAULT_SHARE,
    replicas,
    Math.floor,
  );
  return {
    replicas,
    recreate: false,
    surge,
    unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable,
  };
}

function podsOf(
  share: number | string,
  replicas: number,
  round: (pods: number) => number,
): number {
  const percent = /^(\d+)%$/.exec(String(share));
  return percent
    ? round((Number(percent[1]) * replicas) / 100)
    : Number(share) || 0;
}
