export { environmentObstacle } from './environmentObstacle';
export { EnvironmentReport } from './EnvironmentReport';
export { HotUpgradeConditions } from './HotUpgradeConditions';
export { useEnvironmentCheck } from './useEnvironmentCheck';
export { MeshCheckPage } from './MeshCheckPage';
