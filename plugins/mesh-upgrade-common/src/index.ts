/**
 * What the Mesh Upgrade frontend and backend share: wire types, permissions,
 * annotations and the pure rules about versions.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './permissions';
export * from './plans';
export * from './types';
export * from './versions';
export * from './workloadRef';
