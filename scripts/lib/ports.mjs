import fs from 'node:fs';
import net from 'node:net';
import { CommandError } from './CommandError.mjs';

const LISTEN = '0A';

/** A port of 127.0.0.1 that nobody uses at the moment. */
export async function freePort() {
  return listenOn(0);
}

/**
 * @param {{ port: number, what: string, option: string }} wanted `option` is
 *   the flag that chooses another port
 * @throws CommandError naming the holder, if the system tells, and the fix
 */
export async function requireFreePort({ port, what, option }) {
  try {
    await listenOn(port);
  } catch (error) {
    if (error.code !== 'EADDRINUSE') {
      throw new CommandError(
        `The ${what} cannot listen on port ${port}: ${
          error.message
        }. Choose another one: npm start -- ${option} ${port + 1000}`,
      );
    }
    const pid = holderOf(port);
    const who = pid ? `process ${pid} (${commandOf(pid)})` : 'another process';
    const end = pid ? `End it (kill ${pid}), or choose` : 'Choose';
    throw new CommandError(
      `Port ${port}, wanted for the ${what}, is taken by ${who}.\n${end} another port: npm start -- ${option} ${
        port + 1
      }`,
    );
  }
}

function listenOn(port) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });
}

/** Pid that listens on the port; undefined where /proc does not tell. */
function holderOf(port) {
  try {
    const sockets = new Set(
      ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(table =>
        listenersIn(table, port),
      ),
    );
    return pids().find(pid => opensOne(pid, sockets));
  } catch {
    return undefined;
  }
}

function listenersIn(table, port) {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return fs
    .readFileSync(table, 'utf8')
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))
    .filter(
      ([, local, , state]) => local?.endsWith(`:${wanted}`) && state === LISTEN,
    )
    .map(fields => `socket:[${fields[9]}]`);
}

function pids() {
  return fs.readdirSync('/proc').filter(name => /^\d+$/.test(name));
}

function opensOne(pid, sockets) {
  try {
    return fs
      .readdirSync(`/proc/${pid}/fd`)
      .some(fd => sockets.has(fs.readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    // Gone meanwhile, or another user's.
    return false;
  }
}

function commandOf(pid) {
  try {
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.join(' ').trim().slice(0, 120) || 'unnamed';
  } catch {
    return 'unnamed';
  }
}
