/**
 * Backend of Mesh Upgrade: reads Istio meshes on many clusters, checks the
 * environment and upgrades control planes and sidecars.
 *
 * @packageDocumentation
 */
export { meshUpgradePlugin as default } from './plugin';
