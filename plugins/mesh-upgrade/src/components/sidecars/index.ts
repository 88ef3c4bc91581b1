export { SidecarList } from './SidecarList';
export { SidecarsView } from './SidecarsView';
