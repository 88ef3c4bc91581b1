export { AddedChecks } from './AddedChecks';
export { createCheckRunner } from './createCheckRunner';
export { stopsUpgrade } from './runner/checkReport';
export type { CheckRunner } from './types';
export type { RequiredRight, RightsOf } from './mesh/permissions';
