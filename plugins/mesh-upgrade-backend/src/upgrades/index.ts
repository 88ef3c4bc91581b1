export { createDrivers } from './createDrivers';
export { createUpgrades } from './createUpgrades';
export { requiredRights } from './drivers/requiredRights';
export { removalChecks } from './leftovers';
export { readRunPolicy } from './schedule/readRunPolicy';
export { DatabaseRunStore } from './store/DatabaseRunStore';
export { RunConflictError, PlanChangedError } from './store/errors';
export * from './types';
