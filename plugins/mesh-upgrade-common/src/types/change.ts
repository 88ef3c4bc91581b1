/**
 * What may have changed: `clusters` are the clusters themselves and their
 * health, `inventory` meshes and workloads, `runs` upgrades, `versions` the
 * versions on offer.
 * @public
 */
export type ChangeKind = 'clusters' | 'inventory' | 'runs' | 'versions';

/** The channel of Backstage's signals on which changes are announced. @public */
export const CHANGES_CHANNEL = 'mesh-upgrade:changes';

/**
 * A signal of {@link CHANGES_CHANNEL}. It names nothing, because anybody who
 * reaches the backend may listen: readers ask again for what they may see.
 * Without any kind it only tells that the connection is alive.
 * @public
 */
export type ChangeSignal = { changed: ChangeKind[] };
