/**
 * Upgrades Istio meshes and sidecars from Backstage.
 *
 * @packageDocumentation
 */
export { meshUpgradePlugin as default } from './plugin';
export * from './api';
export * from './routes';
export { meshUpgradeTranslationRef } from './translation';
export { meshUpgradeTranslations } from './translations';
