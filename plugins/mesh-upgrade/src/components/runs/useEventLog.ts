import { useAddress, useRunEvents } from '../../hooks';
import type {
  RunEvent,
  RunEventLevel,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { isFinal } from './runWords';

const LEVELS = ['warning', 'error'] as const;

/** A level shows itself and what is louder. */
const LOUDNESS: Record<RunEventLevel, number> = {
  info: 0,
  warning: 1,
  error: 2,
};

/** The events of a run as the address wants them: of which cluster, from which level on, with raw output or without. */
export function useEventLog(run: RunView) {
  const { params, change } = useAddress();
  const output = params.get('output') === 'true';
  const cluster = params.get('eventCluster') ?? '';
  const level = LEVELS.find(one => one === params.get('eventLevel'));
  const events = useRunEvents(run.id, { final: isFinal(run), output });
  const clusters = new Map(run.steps.map(step => [step.id, step.cluster]));
  const clusterOf = ({ stepId }: RunEvent) => clusters.get(stepId ?? '');
  const shown = events.value?.filter(
    event =>
      (!cluster || clusterOf(event) === cluster) &&
      (!level || LOUDNESS[event.level] >= LOUDNESS[level]),
  );
  return { events, shown, clusterOf, output, cluster, level, change };
}

/** The events of a run and what of them is shown. */
export type EventLog = ReturnType<typeof useEventLog>;
