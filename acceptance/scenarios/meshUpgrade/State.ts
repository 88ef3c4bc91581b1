import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** What the steps tell each other. */
export interface State {
  /** By cluster: what an upgrade must neither lose nor spoil. */
  before: Map<string, { precheck: string[]; rendered: object }>;
  /** Of the release of istiod, as a person gave them. */
  values?: Record<string, unknown>;
  run?: RunView;
  /** What the first cluster was before a run that must not change it. */
  untouched?: string;
  /** Revisions of the release of istiod before the run. */
  revisions?: number;
}
