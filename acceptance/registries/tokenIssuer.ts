import {
  createPrivateKey,
  createSign,
  randomUUID,
  X509Certificate,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CertificateFiles } from './openssl';

/** Gives tokens to whom it knows, as the registry's own protocol says. */
export interface TokenIssuer {
  realm: string;
  /** User names that asked, in their order; undefined for nobody in particular. */
  asked: (string | undefined)[];
  stop(): Promise<void>;
}

export interface TokenRules {
  service: string;
  issuer: string;
  /** Signs the tokens; the registry trusts it. */
  certificate: CertificateFiles;
  /** Undefined: everybody may pull. */
  reader?: { username: string; password: string };
}

export async function startTokenIssuer(
  rules: TokenRules,
): Promise<TokenIssuer> {
  const asked: TokenIssuer['asked'] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://issuer');
    const who = credentialsOf(request.headers.authorization);
    asked.push(who?.username);
    const { reader } = rules;
    const isKnown =
      !reader ||
      (who?.username === reader.username && who.password === reader.password);
    response.setHeader('content-type', 'application/json');
    if (!isKnown) {
      response.statusCode = 401;
      response.end(
        JSON.stringify({
          errors: [{ code: 'UNAUTHORIZED', message: 'who are you?' }],
        }),
      );
      return;
    }
    const token = sign(url.searchParams.getAll('scope'), rules);
    response.end(JSON.stringify({ token, expires_in: 300 }));
  });
  await new Promise<void>(listening => {
    server.listen(0, '127.0.0.1', listening);
  });
  // It must not keep a process alive that has nothing else to do.
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    realm: `http://127.0.0.1:${port}/token`,
    asked,
    stop: () =>
      new Promise(stopped => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

function credentialsOf(header: string | undefined) {
  const [scheme, value] = (header ?? '').split(' ');
  if (scheme !== 'Basic' || !value) {
    return undefined;
  }
  const [username, password] = Buffer.from(value, 'base64')
    .toString()
    .split(':');
  return { username, password };
}

/** A JWT whose header carries the certificate, which the registry checks against its bundle. */
function sign(scopes: string[], rules: TokenRules): string {
  const { certificate, issuer, service } = rules;
  const chain = new X509Certificate(readFileSync(certificate.cert));
  const now = Math.floor(Date.now() / 1000);
  const access = scopes.map(scope => {
    const [type, name, actions] = scope.split(':');
    return { type, name, actions: actions.split(',') };
  });
  const parts = [
    { typ: 'JWT', alg: 'RS256', x5c: [chain.raw.toString('base64')] },
    {
      iss: issuer,
      sub: 'reader',
      aud: service,
      exp: now + 300,
      nbf: now - 10,
      iat: now,
      jti: randomUUID(),
      access,
    },
  ].map(part => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = createSign('sha256')
    .update(parts.join('.'))
    .sign(createPrivateKey(readFileSync(certificate.key)), 'base64url');
  return [...parts, signature].join('.');
}
