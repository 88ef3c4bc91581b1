export {
  apiVersionOf,
  LEFTOVER_RESOURCES,
  removalRank,
  type LeftoverKind,
} from './kinds';
export { leftoverName, leftoversOn } from './leftoversOn';
export { clustersOf, MeshLeftovers } from './MeshLeftovers';
export { removalChecks } from './removalChecks';
export type { Leftover } from './types';
