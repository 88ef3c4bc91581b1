export { AddedChecks } from './AddedChecks';
export { createCheckRunner } from './createCheckRunner';
export { ifForbidden } from './ifForbidden';
export { stopsUpgrade } from './runner/checkReport';
export type { CheckRunner } from './types';
export type { JobAccount } from './mesh/jobAccount';
export type { RequiredRight, RightsOf } from './mesh/permissions';
