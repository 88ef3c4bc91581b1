import { spawn } from 'node:child_process';
import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { poll } from '../../scripts/lib/poll.mjs';
import type { CertificateFiles } from './openssl';

/** The registry of the operating system, on a port of its own. */
export interface RealRegistry {
  /** e.g. `127.0.0.1:41234` */
  host: string;
  stop(): Promise<void>;
}

export interface RegistrySettings {
  /** Where it keeps its blobs; several registries may show the same. */
  storage: string;
  /** Of `htpasswd`, each line `user:hash`. */
  htpasswd?: string[];
  token?: { realm: string; service: string; issuer: string; bundle: string };
  tls?: CertificateFiles;
}

const START_MS = 15_000;

/** @throws Error when `docker-registry` is not installed. */
export async function startRealRegistry(
  folder: string,
  settings: RegistrySettings,
): Promise<RealRegistry> {
  mkdirSync(folder, { recursive: true });
  const host = `127.0.0.1:${await freePort()}`;
  const file = join(folder, 'registry.json');
  writeFileSync(file, JSON.stringify(configuration(folder, host, settings)));
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  // Whatever ends us must not leave it behind.
  const kill = () => child.kill();
  process.once('exit', kill);
  child.unref();
  let failure: string | undefined;
  const ended = new Promise<void>(resolve => {
    child.on('error', error => {
      failure = error.message;
      resolve();
    });
    child.on('exit', code => {
      failure ??= `it ended with ${code}`;
      resolve();
    });
  });
  await poll(() => isListening(host, failure), {
    timeoutMs: START_MS,
    intervalMs: 100,
    what: `docker-registry to answer on ${host}`,
    last: () => failure ?? 'nothing answers',
  });
  return {
    host,
    async stop() {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}

function configuration(
  folder: string,
  host: string,
  { storage, htpasswd, token, tls }: RegistrySettings,
) {
  const passwords = join(folder, 'htpasswd');
  if (htpasswd) {
    writeFileSync(passwords, htpasswd.join('\n'));
  }
  return {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage } },
    http: {
      addr: host,
      ...(tls && { tls: { certificate: tls.cert, key: tls.key } }),
    },
    ...(htpasswd && { auth: { htpasswd: { realm: 'lab', path: passwords } } }),
    ...(token && {
      auth: {
        token: {
          realm: token.realm,
          service: token.service,
          issuer: token.issuer,
          rootcertbundle: token.bundle,
        },
      },
    }),
  };
}

/** Any answer will do, also one that asks for credentials or for TLS. */
async function isListening(
  host: string,
  failure: string | undefined,
): Promise<true | undefined> {
  if (failure) {
    throw new Error(`docker-registry: ${failure}`);
  }
  return fetch(`http://${host}/v2/`).then(
    () => true as const,
    () => undefined,
  );
}
