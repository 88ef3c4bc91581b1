export const KUBERNETES_VERSION = 'v1.36.3';

/** The version that the old cluster reports. Only what it reports differs: it behaves as KUBERNETES_VERSION. */
export const OLD_KUBERNETES_VERSION = 'v1.30.14';

const KUBERNETES_VERSION_PACKAGE = 'k8s.io/component-base/version';
const ISTIO_VERSION_PACKAGE = 'istio.io/istio/pkg/version';

const [KUBERNETES_MAJOR, KUBERNETES_MINOR] =
  KUBERNETES_VERSION.slice(1).split('.');

const KUBERNETES_LINKER_FLAGS = [
  `-X ${KUBERNETES_VERSION_PACKAGE}.gitVersion=${KUBERNETES_VERSION}`,
  `-X ${KUBERNETES_VERSION_PACKAGE}.gitMajor=${KUBERNETES_MAJOR}`,
  `-X ${KUBERNETES_VERSION_PACKAGE}.gitMinor=${KUBERNETES_MINOR}`,
];

/** What is built: one Go module per part, each with the programs that come out of it. */
export const PARTS = [
  {
    name: 'etcd',
    module: 'etcd',
    programs: { etcd: 'go.etcd.io/etcd/server/v3' },
    linkerFlags: [],
  },
  {
    name: 'kubernetes',
    module: 'kubernetes',
    programs: {
      'kube-apiserver': './kube-apiserver',
      'kube-controller-manager':
        'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    },
    linkerFlags: KUBERNETES_LINKER_FLAGS,
  },
  {
    name: 'kwok',
    module: 'kwok',
    programs: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
    linkerFlags: [],
  },
  {
    name: 'helm',
    module: 'helm',
    programs: { helm: 'helm.sh/helm/v3/cmd/helm' },
    linkerFlags: [],
  },
  {
    name: 'istio',
    module: 'istio',
    programs: {
      'pilot-discovery': 'istio.io/istio/pilot/cmd/pilot-discovery',
      istioctl: 'istio.io/istio/istioctl/cmd/istioctl',
    },
    linkerFlags: [`-X ${ISTIO_VERSION_PACKAGE}.buildVersion=1.31.1`],
  },
];

/** What a real node needs beyond PARTS; nobody else builds it. */
export const NODE_PARTS = [
  {
    name: 'kubelet',
    module: 'kubelet',
    programs: { kubelet: 'k8s.io/kubernetes/cmd/kubelet' },
    linkerFlags: KUBERNETES_LINKER_FLAGS,
  },
];

/** What Argo CD needs beyond PARTS; only a cluster with Istio by Argo CD needs it. */
export const ARGOCD_PARTS = [
  {
    name: 'argocd',
    module: 'argocd',
    programs: { argocd: './argocd' },
    linkerFlags: ['-X github.com/argoproj/argo-cd/v2/common.version=2.14.21'],
  },
];
