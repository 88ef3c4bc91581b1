export { ClusterName } from './ClusterName';
export { ClusterTrouble } from './ClusterTrouble';
export { FleetProvider, useFleet } from './FleetProvider';
export { LiveStatus } from './LiveStatus';
