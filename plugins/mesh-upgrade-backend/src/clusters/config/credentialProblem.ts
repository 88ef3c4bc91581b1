import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import {
  readCredentials,
  type ConnectionSettings,
} from '../ConnectionSettings';
import type { Misconfigured } from './ClusterEntry';

/**
 * Finds what no API server needs to be asked for: an address that is none, a
 * file that cannot be read, a certificate that does not parse, credentials
 * that are missing.
 */
export async function credentialProblem(
  settings: ConnectionSettings,
): Promise<Misconfigured | undefined> {
  const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return {
      misconfiguration: `The address '${settings.url}' of the API server is not an http or https URL.`,
      remedy: 'Give the address as in https://api.example.com:6443.',
    };
  }
  const { token, basic, clientCertificate } = settings;
  // Plain HTTP is how a local proxy that adds the credentials itself is reached.
  if (url.protocol === 'https:' && !token && !basic && !clientCertificate) {
    return {
      misconfiguration: 'It has no credentials.',
      remedy:
        'Give a service account token (token or tokenFile), or clientCertificate with clientKey. A token taken from an environment variable is missing when the variable is not set.',
    };
  }
  try {
    const { tls } = await readCredentials(settings);
    for (const certificate of [tls.ca, tls.cert]) {
      // A secure context takes a CA that is none without complaint.
      if (certificate !== undefined) {
        new X509Certificate(certificate).toString();
      }
    }
    createSecureContext({ ca: tls.ca, cert: tls.cert, key: tls.key });
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code?.startsWith('E') && !code.startsWith('ERR_')
      ? {
          misconfiguration: `Its credentials cannot be read: ${message}`,
          remedy: 'Correct the path, or let the backend read the file.',
        }
      : {
          misconfiguration: `Its certificates cannot be used: ${message}`,
          remedy:
            'Give the CA, client certificate and key as PEM, or as base64 of PEM, and the key that fits the certificate.',
        };
  }
}
