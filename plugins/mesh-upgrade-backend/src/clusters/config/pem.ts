import type { Pem } from '../ConnectionSettings';

/** PEM may be given as it is or, as kubeconfig files do, as its base64. */
export function pemFromText(text: string): Pem {
  return {
    pem: text.includes('-----BEGIN')
      ? text
      : Buffer.from(text, 'base64').toString('utf8'),
  };
}
