import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pushImages } from '../../testbed/lib/registry.mjs';
import { createAuthority, issue } from './openssl';
import { startRealRegistry, type RealRegistry } from './realRegistry';
import { startTokenIssuer, type TokenIssuer } from './tokenIssuer';

/** One store of images behind registries that let people in by different ways. */
export interface Registries {
  /** Anybody, over plain HTTP. */
  open: string;
  /** User and password in every request. */
  basic: string;
  /** A token that anybody is given. */
  anonymousToken: string;
  /** A token for those who give user and password. */
  token: string;
  /** TLS, with a certificate of an authority that nobody knows. */
  secure: string;
  reader: { username: string; password: string };
  /** PEM files: of the secure registry's authority, and of another. */
  authority: string;
  otherAuthority: string;
  /** Who asked for tokens, in their order. */
  askedForTokens(): (string | undefined)[];
  /** Ends the open one; the others go on. */
  stopOpen(): Promise<void>;
  stop(): Promise<void>;
}

const READER = { username: 'reader', password: 'lab-password' };
// bcrypt of the password above, for which Node has no function.
const PASSWORDS = [
  'reader:$2b$05$abcdefghijklmnopqrstuuL/Ej5MNdcjasz4Sr7bjTMIxZn.WGpgG',
];

/** Starts them all; `docker-registry` and `openssl` come from the operating system. */
export async function startRegistries(): Promise<Registries> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-registries-'));
  // A scenario that fails leaves nothing behind either.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const storage = join(folder, 'images');
  const registries: RealRegistry[] = [];
  const issuers: TokenIssuer[] = [];
  const start = async (
    name: string,
    settings: Omit<Parameters<typeof startRealRegistry>[1], 'storage'> = {},
  ) => {
    const registry = await startRealRegistry(join(folder, name), {
      storage,
      ...settings,
    });
    registries.push(registry);
    return registry.host;
  };
  const stop = async () => {
    await Promise.all([...registries, ...issuers].map(one => one.stop()));
  };
  try {
    const authority = await createAuthority(folder, 'authority');
    const otherAuthority = await createAuthority(folder, 'other-authority');
    const signer = await createAuthority(folder, 'token-signer');
    const startToken = async (name: string, reader?: typeof READER) => {
      const rules = { service: name, issuer: 'lab', certificate: signer };
      const issuer = await startTokenIssuer({ ...rules, reader });
      issuers.push(issuer);
      const { realm } = issuer;
      return start(name, {
        token: { realm, service: name, issuer: 'lab', bundle: signer.cert },
      });
    };
    const open = await start('open');
    await pushImages(open);
    return {
      open,
      basic: await start('basic', { htpasswd: PASSWORDS }),
      anonymousToken: await startToken('anonymous-token'),
      token: await startToken('token', READER),
      secure: await start('secure', {
        tls: await issue(folder, 'secure', authority),
      }),
      reader: READER,
      authority: authority.cert,
      otherAuthority: otherAuthority.cert,
      askedForTokens: () => issuers.flatMap(({ asked }) => asked),
      stopOpen: () => registries[0].stop(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
