export { MeshUpgradeWizard } from './MeshUpgradeWizard';
export { SidecarUpgradeWizard } from './SidecarUpgradeWizard';
