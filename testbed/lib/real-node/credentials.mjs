import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { runCommand } from '../run-command.mjs';
import { NODE_NAME } from './files.mjs';

/** What kubelet and API server of a cluster know each other by. */
export async function createCredentials(directory) {
  const token = randomBytes(24).toString('hex');
  const certificate = join(directory, 'kubelet-client.crt');
  const key = join(directory, 'kubelet-client.key');
  // Signed by itself, so that it is its own authority.
  await runCommand('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30'],
    ...['-subj', '/O=system:masters/CN=kube-apiserver'],
    ...['-addext', 'extendedKeyUsage=clientAuth'],
    ...['-keyout', key, '-out', certificate],
  ]);
  return {
    token,
    /** A line for the API server's file of tokens. */
    tokenLine: `${token},system:node:${NODE_NAME},${NODE_NAME},"system:nodes"\n`,
    /** The API server shows it to the kubelet. */
    certificate,
    key,
  };
}
