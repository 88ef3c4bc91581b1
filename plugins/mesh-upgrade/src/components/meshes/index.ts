export { MeshDetails, MeshPanel } from './MeshDetails';
export { MeshFacts } from './MeshFacts';
export { MeshesView } from './MeshesView';
