// Ample, so that thousands of injected pods (100m CPU each by default) and their surge find room.
const CAPACITY = {
  cpu: '16000',
  memory: '64Ti',
  'ephemeral-storage': '64Ti',
  pods: '10000',
};

/** KWOK manages the nodes, and their pods, that have it. */
export const FAKE_ANNOTATION = 'kwok.x-k8s.io/node';

/** A fake node that KWOK manages. */
export function fakeNode(name) {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [FAKE_ANNOTATION]: 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        type: 'kwok',
      },
    },
  };
}

/**
 * The status of a fake node: its kubelet reports `kubernetesVersion` and serves pod logs at 127.0.0.1:`kubeletPort`.
 * The conditions are left to KWOK, which makes the node Ready when it begins to manage it.
 */
export function fakeNodeStatus({ name, kubernetesVersion, kubeletPort }) {
  return {
    phase: 'Running',
    capacity: CAPACITY,
    allocatable: CAPACITY,
    addresses: [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    nodeInfo: {
      architecture: 'amd64',
      operatingSystem: 'linux',
      osImage: 'testbed',
      kernelVersion: 'testbed',
      containerRuntimeVersion: 'kwok://testbed',
      kubeletVersion: kubernetesVersion,
      kubeProxyVersion: kubernetesVersion,
      machineID: name,
      systemUUID: name,
      bootID: name,
    },
  };
}
