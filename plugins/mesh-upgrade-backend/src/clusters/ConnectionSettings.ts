import { readFile } from 'node:fs/promises';

/** PEM text, or the file that holds it and may be renewed at any time. */
export type Pem = { pem: string } | { file: string };

/** How one API server is reached. Files are read anew for every request, so that renewed credentials are used at once. */
export interface ConnectionSettings {
  /** Base address without a trailing slash; may have a path. */
  url: string;
  ca?: Pem;
  skipTLSVerify?: boolean;
  /** Name the server's certificate must carry, when it is not the address's. */
  serverName?: string;
  /** http, https or socks5 address of a proxy in between. */
  proxyUrl?: string;
  clientCertificate?: { cert: Pem; key: Pem };
  token?: { value: string } | { file: string };
  basic?: { username: string; password: string };
  impersonateUser?: string;
}

/** What the files and values of the settings hold at this moment. */
export interface Credentials {
  headers: Record<string, string>;
  tls: {
    ca?: string;
    cert?: string;
    key?: string;
    servername?: string;
    rejectUnauthorized?: boolean;
  };
  /** What must never be repeated, whoever says it. */
  secrets: string[];
}

function readPem(pem: Pem): Promise<string> | string {
  return 'file' in pem ? readFile(pem.file, 'utf8') : pem.pem;
}

/** Rejects with the file system's error when a file cannot be read. */
export async function readCredentials(
  settings: ConnectionSettings,
): Promise<Credentials> {
  const { ca, clientCertificate, token, basic } = settings;
  const headers: Record<string, string> = {};
  const tls: Credentials['tls'] = {};
  const secrets: string[] = [];
  if (settings.impersonateUser) {
    headers['Impersonate-User'] = settings.impersonateUser;
  }
  if (token) {
    const value = (
      'file' in token ? await readFile(token.file, 'utf8') : token.value
    ).trim();
    headers.Authorization = `Bearer ${value}`;
    secrets.push(value);
  } else if (basic) {
    const pair = `${basic.username}:${basic.password}`;
    const value = Buffer.from(pair).toString('base64');
    headers.Authorization = `Basic ${value}`;
    secrets.push(value, basic.password);
  }
  if (ca) {
    tls.ca = await readPem(ca);
  }
  if (clientCertificate) {
    tls.cert = await readPem(clientCertificate.cert);
    tls.key = await readPem(clientCertificate.key);
  }
  if (settings.serverName) {
    tls.servername = settings.serverName;
  }
  if (settings.skipTLSVerify) {
    tls.rejectUnauthorized = false;
  }
  return { headers, tls, secrets: secrets.filter(secret => secret !== '') };
}
