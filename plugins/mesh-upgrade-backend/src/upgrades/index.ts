export { createUpgrades } from './createUpgrades';
export { RunConflictError, PlanChangedError } from './store/errors';
export * from './types';
