/**
 * What adopters can add to the Mesh Upgrade backend.
 *
 * @packageDocumentation
 */
export * from './ClustersExtensionPoint';
