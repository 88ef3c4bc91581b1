import type { ServerResponse } from 'node:http';

/** Answers as something between client and API server does: success, but not what was asked for. */
export function sendBrokenBody(res: ServerResponse, how: 'html' | 'half') {
  if (how === 'html') {
    res.writeHead(200, { 'content-type': 'text/html' });
    res.end('<!DOCTYPE html><html><body>Please log in</body></html>');
    return;
  }
  res.writeHead(200, { 'content-type': 'application/json' });
  res.end('{"kind":"List","items":[{"metadata":{"na');
}
