/** Apps that prove themselves by a certificate: mutual TLS. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import forge from 'node-forge';
import { afterEach, expect, it } from 'vitest';
import { Interop, appToken } from '../interop/app.ts';
import { approach, listener, refusalOf, type Approach } from './apps.ts';

let interop: Interop;
afterEach(() => interop.close());

type Client = NonNullable<Approach['certificate']>;

const pki = forge.pki;
const keys = pki.rsa.generateKeyPair({ bits: 2048, workers: -1 });
const strangers = pki.rsa.generateKeyPair({ bits: 2048, workers: -1 });

/** A certificate of an authority for apps; `usage` is what it may be used for. */
function issued(names: object[], by = keys, usage: object = { clientAuth: true }): Client {
  const pair = pki.rsa.generateKeyPair({ bits: 2048, workers: -1 });
  const certificate = certificateOf('an app', pair.publicKey);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'extKeyUsage', ...usage },
    { name: 'subjectAltName', altNames: names },
  ]);
  certificate.sign(by.privateKey, forge.md.sha256.create());
  return { certificate: pki.certificateToPem(certificate), key: pki.privateKeyToPem(pair.privateKey) };
}

function authority(): string {
  const certificate = certificateOf('authority of apps', keys.publicKey);
  certificate.setExtensions([{ name: 'basicConstraints', cA: true, critical: true }]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return pki.certificateToPem(certificate);
}

function certificateOf(subject: string, publicKey: forge.pki.PublicKey): forge.pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: 'authority of apps' }]);
  return certificate;
}

const dns = (value: string): object => ({ type: 2, value });
const uri = (value: string): object => ({ type: 6, value });

/** A scene whose only app comes by a certificate of one of these names. */
async function open(app: object): Promise<void> {
  const pem = authority();
  interop = await Interop.open(listener, {
    route: { protocol: 'deepgram-listen', credential: undefined, pass_through: true },
    more: { apps: [{ name: 'front-desk-app', ...app }] },
    prepare: (directory) => writeFile(join(directory, 'tls/apps.pem'), pem),
    clientAuthority: 'tls/apps.pem',
  });
}

const own = 'planted-own-key-of-the-app-0123456789ab';
const withCertificate = (certificate: Client): Approach => ({
  certificate,
  headers: { authorization: `Token ${own}` },
});

it('a certificate of a listed name opens the route, and the key of the app goes through', async () => {
  await open({ certificate_names: ['booking.cedar.example', 'spiffe://cedar.example/kiosk'] });
  for (const name of [dns('booking.cedar.example'), uri('spiffe://cedar.example/kiosk')])
    (await approach(interop, '/v1/listen', withCertificate(issued([name])))).close();
  expect(interop.vendor.sessions.map(({ headers }) => headers['authorization'])).toEqual([
    `Token ${own}`,
    `Token ${own}`,
  ]);
  interop.mustNotAppear(own);
  await interop.stage.stop();
  const actors = (await interop.stage.records()).filter(({ members: { k } }) => k === 'call.admit');
  expect(actors.map(({ members: { a } }) => a)).toEqual(['app:front-desk-app', 'app:front-desk-app']);
});

it('no certificate, another name, a wildcard, another authority, another use: refused', async () => {
  await open({ certificate_names: ['booking.cedar.example'] });
  const wrong: readonly Approach[] = [
    { headers: { authorization: `Token ${own}` } },
    withCertificate(issued([dns('other.cedar.example')])),
    withCertificate(issued([dns('*.cedar.example')])),
    withCertificate(issued([dns('booking.cedar.example')], strangers)),
    withCertificate(issued([dns('booking.cedar.example')], keys, { serverAuth: true })),
    { headers: { 'x-chaperone-token': appToken } },
  ];
  for (const how of wrong) expect(await refusalOf(interop, '/v1/listen', how)).toBe('401 APP_UNKNOWN');
  expect(interop.vendor.sessions).toEqual([]);
});

it('an app with a name and a token needs both', async () => {
  await open({ certificate_names: ['booking.cedar.example'], tokens: [appToken] });
  const certificate = issued([dns('booking.cedar.example')]);
  const token = { 'x-chaperone-token': appToken };
  expect(await refusalOf(interop, '/v1/listen', { headers: token })).toBe('401 APP_UNKNOWN');
  expect(await refusalOf(interop, '/v1/listen', { certificate })).toBe('401 APP_UNKNOWN');
  expect(await refusalOf(interop, '/v1/listen', { certificate, headers: token })).toBe('let in');
});
