import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

/** PEM texts of a throw-away authority and of certificates that it signed. */
export interface Authority {
  readonly certificate: string;
  /** A server certificate for these DNS names and IP addresses, valid for one day. */
  issue(names: readonly string[]): { readonly certificate: string; readonly key: string };
}

const dayMs = 86_400_000;
const isIpAddress = /^[\d.]+$|:/u;

/** An authority that nobody trusts but who is told to: for the demo and the tests, made anew each time. */
export function createAuthority(name: string): Authority {
  const pair = keyPair();
  const certificate = template(name, name, pair.publicKey);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  certificate.sign(pair.privateKey, forge.md.sha256.create());
  return {
    certificate: forge.pki.certificateToPem(certificate),
    issue: (names) => issue(name, pair.privateKey, names),
  };
}

function issue(
  issuer: string,
  issuerKey: forge.pki.rsa.PrivateKey,
  names: readonly string[],
): { certificate: string; key: string } {
  const pair = keyPair();
  const certificate = template(names[0] ?? 'localhost', issuer, pair.publicKey);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    // GeneralName choices of RFC 5280 section 4.2.1.6: 2 is a DNS name, 7 an IP address.
    {
      name: 'subjectAltName',
      altNames: names.map((name) => (isIpAddress.test(name) ? { type: 7, ip: name } : { type: 2, value: name })),
    },
  ]);
  certificate.sign(issuerKey, forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key: forge.pki.privateKeyToPem(pair.privateKey) };
}

function template(subject: string, issuer: string, publicKey: forge.pki.rsa.PublicKey): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - dayMs / 24);
  certificate.validity.notAfter = new Date(Date.now() + dayMs);
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
  return certificate;
}

/** RSA from node:crypto, as the certificate library's own generator takes seconds. */
function keyPair(): { publicKey: forge.pki.rsa.PublicKey; privateKey: forge.pki.rsa.PrivateKey } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKey: forge.pki.privateKeyFromPem(privateKey), publicKey: forge.pki.publicKeyFromPem(publicKey) };
}
