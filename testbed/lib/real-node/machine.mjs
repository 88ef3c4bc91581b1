// The machine that a real node is: `node machine.mjs CONFIGURATION` starts its first process in namespaces of its own,
// plugs in the cable to this machine, and passes on connections from the node to what listens on 127.0.0.1 only.
// Whichever of the two processes ends, the other one does too.
import { spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { poll } from '../poll.mjs';
import { createCgroup } from './cgroups.mjs';
import { createCable, hasCable, plugIn } from './network.mjs';

const INIT = fileURLToPath(new URL('init.sh', import.meta.url));

const { cgroup, network, init, forwards } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);

function networkNamespace(pid) {
  return readlinkSync(`/proc/${pid}/ns/net`);
}

function forward({ address, port, to }) {
  const server = createServer(client => {
    const upstream = connect(to, '127.0.0.1');
    // Either side may go at any time; the other one is told by its end.
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}

await createCgroup(cgroup);
if (!(await hasCable(network))) await createCable(network);

const child = spawn(
  'setpriv',
  [
    ...['--pdeathsig', 'KILL', 'unshare', '--fork', '--kill-child'],
    ...['--mount', '--mount-proc', '--pid', '--net', '--ipc', '--uts'],
    ...['sh', INIT, ...init],
  ],
  { stdio: 'inherit' },
);
child.on('error', error => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  process.stderr.write(`the node ended with ${signal ?? `code ${code}`}\n`);
  process.exit(1);
});

const own = networkNamespace('self');
await poll(
  'a network namespace of the node',
  async () => networkNamespace(child.pid) !== own || undefined,
);
await plugIn(network, child.pid);
await Promise.all(forwards.map(forward));
