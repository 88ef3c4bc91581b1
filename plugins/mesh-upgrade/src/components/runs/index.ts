export { RunContent } from './RunContent';
export { RunDetails } from './RunDetails';
export { RunTable } from './RunTable';
export { RunsView } from './RunsView';
