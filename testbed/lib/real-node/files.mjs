import { CNI_PLUGINS } from './requirements.mjs';

export const NODE_NAME = 'real-node';

/** Only pods that ask for this node come to it. */
export const NODE_LABEL = 'testbed.mesh-upgrade.io/node';

const REAL = 'real';

/** What the template of a pod says to come to it. */
export const ON_REAL_NODE = {
  nodeSelector: { [NODE_LABEL]: REAL },
  tolerations: [{ key: NODE_LABEL, operator: 'Exists' }],
};

/** Configuration of containerd. `registry` is where the node reaches the testbed's registry, whatever images call it. */
export function containerdConfig({ directory, pauseImage }) {
  return `version = 2
oom_score = 0

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${JSON.stringify(pauseImage)}
  disable_apparmor = true
  # Without CAP_SYS_RESOURCE runc may not lower the score.
  restrict_oom_score_adj = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${JSON.stringify(CNI_PLUGINS)}
    conf_dir = ${JSON.stringify(`${directory}/cni`)}

  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false

  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${JSON.stringify(`${directory}/registries`)}
`;
}

/** Images named after the registry are pulled from where the node reaches it. */
export function registryHosts(reachedAt) {
  return `server = "http://${reachedAt}"

[host."http://${reachedAt}"]
  capabilities = ["pull", "resolve"]
`;
}

/** A bridge in the node's own network namespace; pods reach the machine by the node as their router. */
export function cniConfig({ pods }) {
  return {
    cniVersion: '0.4.0',
    name: 'testbed',
    plugins: [
      {
        type: 'bridge',
        bridge: 'pods',
        isGateway: true,
        ipMasq: false,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: pods }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  };
}

export function kubeletConfig({ directory, network, cgroup, clientCa }) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: network.nodeAddress,
    authentication: {
      anonymous: { enabled: false },
      x509: { clientCAFile: clientCa },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    resolvConf: `${directory}/resolv.conf`,
    // Jobs end within a second or two; how they ended is to be seen as soon.
    syncFrequency: '10s',
    imagePullCredentialsVerificationPolicy: 'NeverVerify',
    // The disk is the machine's, and however full it is, no pod is to blame.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%' },
    registerWithTaints: [
      { key: NODE_LABEL, value: REAL, effect: 'NoSchedule' },
    ],
  };
}

/** Arguments of the kubelet beyond its configuration file. */
export function kubeletArguments({ directory, network }) {
  return [
    `--config=${directory}/kubelet.json`,
    `--kubeconfig=${directory}/kubeconfig.json`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${network.nodeAddress}`,
    `--node-labels=${NODE_LABEL}=${REAL}`,
  ];
}
