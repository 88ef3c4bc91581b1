import type {
  RunEvent,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterWrite } from './ApiGate';

const ENDINGS = ['succeeded', 'failed', 'skipped'];

/** Everything that is wrong with a run that had to succeed; empty when it ended right. */
export function judgeRun(
  run: RunView,
  events: RunEvent[],
  /** Events of it that somebody was shown before the trouble. */
  shownBefore: RunEvent[],
): string[] {
  return [
    ...(run.state === 'succeeded'
      ? []
      : [`ended ${run.state}: ${run.message ?? 'without a message'}`]),
    ...judgeEvents(run, events),
    ...shownBefore
      .filter(shown => !events.some(event => isSame(event, shown)))
      .map(({ id, message }) => `event ${id} is lost: ${message}`),
  ].map(problem => `run ${run.id} (${run.meshId ?? run.kind}) ${problem}`);
}

/** Each step begins once and ends once, in this order, and so does the run. */
function judgeEvents(run: RunView, events: RunEvent[]): string[] {
  const problems: string[] = [];
  const expectOnce = (what: string, found: RunEvent[]) => {
    if (found.length !== 1) {
      problems.push(`has ${found.length} events of ${what} instead of one`);
    }
    return found[0]?.id ?? 0;
  };
  const started = expectOnce(
    'its start',
    events.filter(({ message }) => message.startsWith('Started by ')),
  );
  const ended = expectOnce(
    'its end',
    events.filter(
      ({ stepId, message }) => !stepId && message.startsWith('Succeeded:'),
    ),
  );
  for (const { id, cluster, title } of run.steps) {
    const of = (words: string[]) =>
      events.filter(
        ({ stepId, message }) =>
          stepId === id &&
          words.some(word =>
            message.startsWith(`${cluster}: ${title} ${word}`),
          ),
      );
    const begun = expectOnce(`the start of ${title}`, of(['begins']));
    const finished = expectOnce(`the end of ${title}`, of(ENDINGS));
    if (!(started < begun && begun < finished && finished < ended)) {
      problems.push(`tells of ${title} out of order`);
    }
  }
  const ids = events.map(({ id }) => id);
  if (ids.some((id, index) => index > 0 && id <= ids[index - 1])) {
    problems.push(`numbers its events ${ids.join(', ')}`);
  }
  return problems;
}

/** Writes of one object that did not all say the same. */
export function judgeWrites(writes: ClusterWrite[]): string[] {
  const contents = new Map<string, Set<string>>();
  for (const { target, content } of writes) {
    contents.set(target, (contents.get(target) ?? new Set()).add(content));
  }
  return [...contents]
    .filter(([, different]) => different.size > 1)
    .map(
      ([target, different]) =>
        `${target} was written with different effects: ${[...different].join(
          ' | ',
        )}`,
    );
}

function isSame(one: RunEvent, other: RunEvent): boolean {
  return (
    one.id === other.id &&
    one.at === other.at &&
    one.stepId === other.stepId &&
    one.message === other.message
  );
}
