import {
  parseIstioVersion,
  type ControlPlaneView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** How people upgrade a control plane that is not changed from here. */
export interface ManualWay {
  /** A sentence that leads to the commands. */
  what: string;
  commands: string[];
  /** The control plane that takes the place of the present one. */
  successor?: { name: string; revision: string };
}

/** The way by who installed it. */
export function manualWay(
  controlPlane: ControlPlaneView,
  targetVersion: string,
): ManualWay {
  switch (controlPlane.install.method) {
    case 'aks':
      return aksWay(controlPlane, targetVersion);
    case 'openshift':
      return {
        what: 'It belongs to OpenShift Service Mesh. When the operator offers that version:',
        commands: [
          'oc get istio',
          `oc patch istio <name> --type merge -p '{"spec":{"version":"v${targetVersion}"}}'`,
          'oc get istio <name> --watch',
        ],
      };
    case 'kyma':
      return {
        what: `It belongs to Kyma, whose Istio module brings the version of its channel. Choose a channel that has ${targetVersion}:`,
        commands: [
          'kubectl get moduletemplates -A | grep istio',
          'kubectl edit kyma default -n kyma-system # spec.modules, name istio: channel',
          'kubectl get istios -n kyma-system --watch',
        ],
      };
    default:
      return {
        what: `Who installed it is unknown. Upgrade it with the tool that installed it. With istioctl ${targetVersion}, or with Helm:`,
        commands: [
          'istioctl upgrade -f <the file it was installed with>',
          `helm upgrade <base release> <repository>/base --version ${targetVersion} -n ${controlPlane.namespace} --reset-then-reuse-values`,
          `helm upgrade <istiod release> <repository>/istiod --version ${targetVersion} -n ${controlPlane.namespace} --reset-then-reuse-values`,
        ],
      };
  }
}

/** The add-on brings a control plane per minor beside the present one; patches come by themselves. */
function aksWay(
  { revision, version }: ControlPlaneView,
  targetVersion: string,
): ManualWay {
  const [from, to] = [version, targetVersion].map(each =>
    parseIstioVersion(each ?? ''),
  );
  if (from && to && from.minor === to.minor) {
    return {
      what: 'It belongs to the Istio add-on of AKS, which brings patches of a minor by itself, in the maintenance windows of the cluster:',
      commands: [
        'az aks maintenanceconfiguration list -g <group> --cluster-name <cluster>',
      ],
    };
  }
  const next = to ? `asm-${to.major}-${to.minor}` : '<revision>';
  return {
    what: `It belongs to the Istio add-on of AKS. Afterwards move the namespaces from ${revision} to ${next}, restart their workloads, and end with 'az aks mesh upgrade complete', or go back with 'az aks mesh upgrade rollback':`,
    commands: [
      'az aks mesh get-upgrades -g <group> -n <cluster>',
      `az aks mesh upgrade start -g <group> -n <cluster> --revision ${next}`,
    ],
    ...(to && { successor: { name: `istiod-${next}`, revision: next } }),
  };
}
