import { createServer } from 'node:http';
import { connect } from 'node:net';

/**
 * What an API server asks, by HTTP CONNECT on a Unix socket, to be connected with addresses inside its cluster.
 * `resolve` turns `{host, port}` into a port of 127.0.0.1, or undefined for an address that this machine reaches itself.
 */
export async function serveConnections({ socket, resolve }) {
  const server = createServer();
  server.on('connect', (request, client) => {
    client.on('error', () => {});
    const { hostname, port } = new URL(`tcp://${request.url}`);
    const host = hostname.replace(/^\[|\]$/g, '');
    const local = resolve({ host, port: Number(port) });
    const target =
      local === undefined
        ? connect({ host, port: Number(port) })
        : connect({ host: '127.0.0.1', port: local });
    target.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    target.once('error', error => {
      client.end(`HTTP/1.1 502 ${error.code}\r\nContent-Length: 0\r\n\r\n`);
    });
    client.once('close', () => target.destroy());
  });
  await new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(socket, done);
  });
  return server;
}
