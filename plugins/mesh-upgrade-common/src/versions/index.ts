export * from './IstioVersion';
export * from './kubernetesSupport';
export {
  refuseTarget,
  type TargetRefusal,
  type UpgradePosition,
} from './refuseTarget';
export * from './selectTargets';
export * from './supportMatrix';
export * from './supportOf';
