import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority } from '../../src/server/demo/certificates.ts';

/** A throw-away authority and one certificate for loopback, as PEM files. */
export interface Certificates {
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
  readonly files: { readonly key: string; readonly certificate: string; readonly authority: string };
}

export function makeCertificates(folder: string): Certificates {
  const authority = createAuthority('bench authority');
  const { key, certificate } = authority.issue(['localhost', '127.0.0.1']);
  const texts = { key, certificate, authority: authority.certificate };
  const files = {
    key: join(folder, 'peer.key'),
    certificate: join(folder, 'peer.pem'),
    authority: join(folder, 'authority.pem'),
  };
  for (const name of ['key', 'certificate', 'authority'] as const)
    writeFileSync(files[name], texts[name], { mode: 0o600 });
  return { ...texts, files };
}
