import { badRequest, notFound } from '../../kubernetes/errors';
import { allContainers, isCompleted } from '../../kubernetes/pods';
import { PODS } from '../../kubernetes/resources';
import { sendText, type ResourceRequest } from '../request';

const FOLLOW_INTERVAL = 100;

/** Answers a pod's log; with `follow` until the pod has ended. */
export function answerLog(request: ResourceRequest) {
  const { cluster, namespace, name, query, req, res } = request;
  const pod = cluster.store.get(PODS, namespace, name!);
  if (!pod) {
    throw notFound(PODS, name!);
  }
  const container = query.get('container');
  const names = allContainers(pod.spec).map(each => each.name);
  if (container && !names.includes(container)) {
    throw badRequest(
      `container ${container} is not valid for pod ${pod.metadata.name}`,
    );
  }
  const { uid } = pod.metadata;
  const linesFrom = (start: number) =>
    (cluster.logs.get(uid) ?? []).slice(start);
  const tail = Number(query.get('tailLines') ?? 0);
  const first = linesFrom(-tail);
  if (query.get('follow') !== 'true') {
    sendText(res, 200, first.map(line => `${line}\n`).join(''));
    return;
  }
  res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  res.write(first.map(line => `${line}\n`).join(''));
  let shown = linesFrom(0).length;
  const timer = setInterval(() => {
    linesFrom(shown).forEach(line => res.write(`${line}\n`));
    shown = linesFrom(0).length;
    const current = cluster.store.get(PODS, namespace, name!);
    if (!current || isCompleted(current)) {
      res.end();
    }
  }, FOLLOW_INTERVAL);
  req.on('close', () => clearInterval(timer));
  res.on('close', () => clearInterval(timer));
}
