export { createCheckRunner } from './createCheckRunner';
export type { Check, CheckRunner } from './types';
