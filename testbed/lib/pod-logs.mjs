import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const LINE = /^(\S+) (?:stdout|stderr) [FP] (.*)$/;

/** Which lines of a runtime log `options` (the query of a log request) asks for, as text. */
export function selectLines(text, options, now = Date.now()) {
  const since = options.get('sinceTime')
    ? Date.parse(options.get('sinceTime'))
    : now - Number(options.get('sinceSeconds') ?? Infinity) * 1000;
  let lines = text
    .split('\n')
    .map(line => LINE.exec(line))
    .filter(match => match && Date.parse(match[1]) >= since);
  if (options.has('tailLines'))
    lines = lines.slice(
      Math.max(0, lines.length - Number(options.get('tailLines'))),
    );
  const timestamps = options.get('timestamps') === 'true';
  const result = lines
    .map(([, time, words]) => `${timestamps ? `${time} ` : ''}${words}\n`)
    .join('');
  const limit = options.get('limitBytes');
  return limit
    ? Buffer.from(result).subarray(0, Number(limit)).toString()
    : result;
}

/**
 * The part of a kubelet that the API server asks for logs: `GET /containerLogs/NAMESPACE/POD/CONTAINER`.
 * `findLog` answers `{file, isRunning}` or undefined for a pod that executes nothing.
 */
export function serveLogs({ port, certificate, key, findLog }) {
  const server = createServer(
    { cert: certificate, key },
    (request, response) => {
      answer(request, response, findLog).catch(error => {
        if (!response.headersSent) response.writeHead(500);
        response.end(`${error.message}\n`);
      });
    },
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function answer(request, response, findLog) {
  const url = new URL(request.url, 'https://localhost');
  const [area, namespace, pod, container] = url.pathname
    .split('/')
    .slice(1)
    .map(decodeURIComponent);
  const log =
    area === 'containerLogs'
      ? findLog({ namespace, pod, container })
      : undefined;
  if (!log) {
    response
      .writeHead(404)
      .end(`no log: pod ${namespace}/${pod} executes nothing\n`);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/plain' });
  const text = await readLog(log.file);
  response.write(selectLines(text, url.searchParams));
  if (url.searchParams.get('follow') === 'true')
    await follow(response, log, completeLength(text), url.searchParams);
  response.end();
}

async function follow(response, log, from, options) {
  const unlimited = new URLSearchParams(
    options.get('timestamps') === 'true' ? { timestamps: 'true' } : {},
  );
  for (let read = from, running = true; running && !response.destroyed; ) {
    await sleep(200);
    // Asked before reading, so that the last lines written before the end are not missed.
    running = log.isRunning();
    const text = await readLog(log.file);
    const complete = completeLength(text);
    if (complete > read)
      response.write(selectLines(text.slice(read, complete), unlimited));
    read = Math.max(read, complete);
  }
}

function completeLength(text) {
  return text.lastIndexOf('\n') + 1;
}

async function readLog(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
