import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { Agent, fetch as fetchBy } from 'undici';

/** A certificate authority that a registry's certificate is signed by, besides the public ones. */
export interface RegistryAuthority {
  /** Host with port. */
  registry: string;
  /** PEM file, read for every question so that a renewed one counts. */
  caFile?: string;
  /** Base64 of the PEM. */
  caData?: string;
}

export interface RegistryRequest {
  headers: Record<string, string>;
  signal: AbortSignal;
}

/** How requests reach a registry. */
export interface RegistryTransport {
  request(url: URL, request: RegistryRequest): Promise<Response>;
  close(): Promise<void>;
}

/** Trusts the public authorities and the given one; without one the host's own `fetch` serves, with its proxies. */
export async function openTransport(
  authority: RegistryAuthority | undefined,
): Promise<RegistryTransport> {
  if (!authority) {
    return { request: (url, request) => fetch(url, request), async close() {} };
  }
  // Redirects to a public storage must go on working.
  const ca = [...rootCertificates, await readAuthority(authority)];
  const dispatcher = new Agent({ connect: { ca } });
  return {
    // The same interface by another copy of the types.
    request: async (url, request) =>
      (await fetchBy(url, { ...request, dispatcher })) as unknown as Response,
    close: () => dispatcher.destroy(),
  };
}

async function readAuthority(authority: RegistryAuthority): Promise<string> {
  return authority.caFile === undefined
    ? Buffer.from(authority.caData ?? '', 'base64').toString('utf8')
    : readFile(authority.caFile, 'utf8');
}
