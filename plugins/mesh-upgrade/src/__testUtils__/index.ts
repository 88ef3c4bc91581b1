export { FakeSignals } from './FakeSignals';
export { fakeApi, serverError } from './fakeApi';
export * as fixtures from './fixtures';
export { renderPage } from './renderPage';
