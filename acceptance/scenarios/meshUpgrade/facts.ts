/** Two clusters, one with Istio by Helm, the other by istioctl; on the testbed only. */
export const FIRST = 'first';
export const SECOND = 'second';

/** Both as one mesh, once the settings say so. */
export const PAIR = 'pair';

/** A cluster with Istio by Argo CD, and its mesh; on a fleet of its own. */
export const BY_ARGO = 'delivered';

export const ISTIO = 'istio-system';
export const JOBS = 'mesh-upgrade';

/** Where the mesh starts, its next version, and one whose Kubernetes is not published. */
export const START = '1.29.4';
export const NEXT = '1.30.3';
export const UNPUBLISHED = '1.31.1';
/** Images exist, a chart does not. */
export const WITHOUT_CHART = '1.30.2';

/** The IstioOperator file of the second cluster. */
export const CONFIGURATION = { name: 'istio-of-second', key: 'istio.yaml' };
