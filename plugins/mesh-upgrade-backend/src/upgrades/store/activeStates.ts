/** Of runs that are not over. */
export const ACTIVE_STATES = [
  'queued',
  'running',
  'waiting',
  'paused',
  'stopping',
];
