export { RunContent } from './RunContent';
export { RunDetails } from './RunDetails';
export { RunHistory } from './RunHistory';
export { RunTable } from './RunTable';
export { RunsView } from './RunsView';
export { MANUAL_DRIVER } from './runWords';
