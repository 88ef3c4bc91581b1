export { LeftoversTab } from './LeftoversTab';
export { useLeftovers } from './useLeftovers';
