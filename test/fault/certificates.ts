import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import forge from 'node-forge';
import type { Scene } from '../../src/server/demo/scene.ts';

/** Who is named, for when, and by whom. */
export interface CertificateWishes {
  readonly names?: readonly string[];
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  /** Signed by the authority of the scene, by itself, or by an authority that nobody knows. */
  readonly by: 'scene' | 'itself' | 'stranger';
}

const dayMs = 86_400_000;

/** The options of a TLS server whose certificate is wrong in one way. The scene keeps no key of its authority. */
export function certified(wishes: CertificateWishes) {
  return async (scene: Scene): Promise<TlsOptions> => {
    const own = keyPair();
    const signer = wishes.by === 'itself' ? own : keyPair();
    const authority = authorityOf(signer);
    const certificate = certificateOf(own, wishes);
    certificate.setIssuer(wishes.by === 'itself' ? certificate.subject.attributes : authority.subject.attributes);
    certificate.sign(signer.privateKey, forge.md.sha256.create());
    if (wishes.by === 'scene') await trust(scene, forge.pki.certificateToPem(authority));
    return { cert: forge.pki.certificateToPem(certificate), key: forge.pki.privateKeyToPem(own.privateKey) };
  };
}

/** The file of the trusted authority is read when the service starts, which is after the vendor. */
async function trust(scene: Scene, pem: string): Promise<void> {
  const file = join(scene.directory, 'tls/authority.pem');
  await writeFile(file, `${pem}${await readFile(file, 'utf8')}`);
}

function authorityOf(pair: forge.pki.rsa.KeyPair): forge.pki.Certificate {
  const certificate = base(pair, { from: -1, to: 30 });
  certificate.setSubject([{ name: 'commonName', value: 'test authority' }]);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ]);
  certificate.sign(pair.privateKey, forge.md.sha256.create());
  return certificate;
}

function certificateOf(pair: forge.pki.rsa.KeyPair, wishes: CertificateWishes): forge.pki.Certificate {
  const { names = ['localhost'] } = wishes;
  const certificate = base(pair, wishes);
  certificate.setSubject([{ name: 'commonName', value: names[0] ?? '' }]);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
  ]);
  return certificate;
}

function base(
  pair: forge.pki.rsa.KeyPair,
  { from = -1, to = 1 }: Pick<CertificateWishes, 'from' | 'to'>,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = pair.publicKey;
  certificate.serialNumber = `01${Math.floor(Math.random() * 1e12).toString(16)}`;
  certificate.validity.notBefore = new Date(Date.now() + from * dayMs);
  certificate.validity.notAfter = new Date(Date.now() + to * dayMs);
  return certificate;
}

function keyPair(): forge.pki.rsa.KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKey: forge.pki.privateKeyFromPem(privateKey), publicKey: forge.pki.publicKeyFromPem(publicKey) };
}
