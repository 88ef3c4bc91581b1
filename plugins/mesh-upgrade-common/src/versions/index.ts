export * from './builtInMatrix';
export * from './clusterVerdicts';
export * from './IstioVersion';
export * from './kubernetesSupport';
export * from './overrideMatrix';
export * from './providersOf';
export {
  refuseTarget,
  type OperatorVersions,
  type TargetRefusal,
  type UpgradePosition,
} from './refuseTarget';
export * from './releaseNotes';
export * from './selectTargets';
export * from './supportMatrix';
export * from './supportOf';
