/**
 * What adopters can add to the Mesh Upgrade backend.
 *
 * @packageDocumentation
 */
export * from './ClustersExtensionPoint';
export * from './checks';
export * from './kubernetes';
