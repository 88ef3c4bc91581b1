export * from './checks';
export * from './ChecksExtensionPoint';
export * from './context';
export * from './findings';
