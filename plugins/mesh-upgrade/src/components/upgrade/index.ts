export { LeftoversWizard } from './LeftoversWizard';
export { MeshUpgradeWizard } from './MeshUpgradeWizard';
export { SidecarUpgradeWizard } from './SidecarUpgradeWizard';
