import { generateKeyPairSync } from 'node:crypto';
import { md, pki } from 'node-forge';

/** A certificate authority of the test's own. */
export interface TestAuthority {
  /** PEM. */
  ca: string;
  /** Key and certificate for a server on 127.0.0.1, PEM. */
  issue(): { key: string; cert: string };
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function createAuthority(name: string): TestAuthority {
  const root = createKeys();
  const subject = [{ name: 'commonName', value: name }];
  const ca = createCertificate(root.publicKey, subject, subject, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ]);
  ca.sign(root.privateKey, md.sha256.create());
  return {
    ca: pki.certificateToPem(ca),
    issue() {
      const keys = createKeys();
      const own = [{ name: 'commonName', value: '127.0.0.1' }];
      const certificate = createCertificate(keys.publicKey, own, subject, [
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ]);
      certificate.sign(root.privateKey, md.sha256.create());
      return {
        key: pki.privateKeyToPem(keys.privateKey),
        cert: pki.certificateToPem(certificate),
      };
    },
  };
}

/** The library's own generator takes seconds. */
function createKeys(): pki.rsa.KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    privateKey: pki.privateKeyFromPem(privateKey),
    publicKey: pki.publicKeyFromPem(publicKey),
  };
}

function createCertificate(
  publicKey: pki.rsa.PublicKey,
  subject: pki.CertificateField[],
  issuer: pki.CertificateField[],
  extensions: object[],
): pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + DAY_MS);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  return certificate;
}
