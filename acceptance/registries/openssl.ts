import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files of a certificate, PEM. */
export interface CertificateFiles {
  key: string;
  cert: string;
}

/** A certificate authority of its own, in `folder`. */
export async function createAuthority(
  folder: string,
  name: string,
): Promise<CertificateFiles> {
  const files = filesOf(folder, name);
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-keyout', files.key, '-out', files.cert],
  ]);
  return files;
}

/** A certificate for a server on 127.0.0.1, signed by the authority. */
export async function issue(
  folder: string,
  name: string,
  authority: CertificateFiles,
): Promise<CertificateFiles> {
  const files = filesOf(folder, name);
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-CA', authority.cert, '-CAkey', authority.key],
    ...['-keyout', files.key, '-out', files.cert],
  ]);
  return files;
}

function filesOf(folder: string, name: string): CertificateFiles {
  return {
    key: join(folder, `${name}.key`),
    cert: join(folder, `${name}.crt`),
  };
}
