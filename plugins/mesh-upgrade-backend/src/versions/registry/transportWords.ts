import { isError } from '@backstage/errors';

const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Why no answer came, and what to do; `fetch failed` says nothing, its cause does. */
export function transportWords(error: unknown): string {
  const cause = isError(error) && isError(error.cause) ? error.cause : error;
  if (!isError(cause)) {
    return String(cause);
  }
  const code = String(cause.code ?? '');
  if (UNKNOWN_AUTHORITY.has(code)) {
    return `${cause.message}; if the certificate is from an authority of your own, name it in meshUpgrade.versions.certificateAuthorities`;
  }
  // What OpenSSL says of an answer in plain HTTP is unreadable.
  if (code.startsWith('ERR_SSL_')) {
    return `it does not speak TLS (${code}); if that is meant, name it in meshUpgrade.versions.insecureRegistries`;
  }
  return cause.message || code || cause.name;
}
