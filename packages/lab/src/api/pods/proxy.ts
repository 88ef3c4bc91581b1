import { ApiError, notFound } from '../../kubernetes/errors';
import { isReady } from '../../kubernetes/pods';
import { PODS } from '../../kubernetes/resources';
import { tagOfImage } from '../../registry/manifests';
import { sendText, type ResourceRequest } from '../request';
import { istiodMetrics } from './istiodMetrics';

/** istiod tells its version and its metrics here. */
const MONITORING_PORT = '15014';

/** Answers a GET to a port of a pod by way of the API server: all that listens is istiod's `/version` and `/metrics`. */
export function answerProxy(request: ResourceRequest, path: string) {
  const { cluster, namespace, res } = request;
  const [name, port] = (request.name ?? '').split(':').slice(-2);
  const pod = cluster.store.get(PODS, namespace, name);
  if (!pod) {
    throw notFound(PODS, name);
  }
  const istiod = pod.spec.containers.find(each => each.name === 'discovery');
  if (!istiod || !isReady(pod) || port !== MONITORING_PORT) {
    throw new ApiError(
      503,
      'ServiceUnavailable',
      `error trying to reach service: dial tcp ${pod.status?.podIP}:${port}: connect: connection refused`,
    );
  }
  if (path.endsWith('/proxy/metrics')) {
    sendText(res, 200, istiodMetrics(cluster, pod));
    return;
  }
  if (!path.endsWith('/proxy/version')) {
    sendText(res, 404, '404 page not found\n');
    return;
  }
  sendText(res, 200, `${tagOfImage(istiod.image)}-${'0'.repeat(40)}-Clean`);
}
