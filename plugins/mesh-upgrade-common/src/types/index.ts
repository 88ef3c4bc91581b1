export * from './check';
export * from './cluster';
export * from './mesh';
export * from './plan';
export * from './request';
export * from './run';
export * from './version';
export * from './workload';
