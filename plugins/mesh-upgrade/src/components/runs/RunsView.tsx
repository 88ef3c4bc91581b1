import { RunHistory } from './RunHistory';

/** The history of all upgrades. */
export function RunsView() {
  return <RunHistory />;
}
