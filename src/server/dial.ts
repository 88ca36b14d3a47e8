import { createHash, X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  type ConnectionOptions,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { WebSocket } from 'ws';
import type { NetworkFacts } from '../audit/event.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { judgeAddress, judgeTls, type Peer } from '../policy/tls.ts';
import type { ApprovedVendor } from '../policy/vendors.ts';
import { classOf } from './address.ts';
import type { LegSocket } from './leg-socket.ts';
import { socketOptions } from './socket.ts';

/** A peer as it is connected to. `vendor` is who is judged. */
export interface ConnectTarget {
  readonly vendor: Peer;
  /** Trust store for the peer; undefined for the certificate authorities that Node brings. */
  readonly trust: SecureContext | undefined;
}

export interface DialTarget extends ConnectTarget {
  /** Only an approved vendor can be dialled, at its approved URL; nothing but `approve` makes one. */
  readonly vendor: ApprovedVendor;
  /** Headers of the upgrade, credentials among them: never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parameters of the URL that are credentials: put on only when the connection is judged. */
  readonly secretParameters?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Largest message taken from the vendor, bytes. */
  readonly maxPayload: number;
}

/** A connection whose address, certificate and TLS version have been judged. */
export interface Connection {
  readonly transport: Socket;
  readonly network: NetworkFacts;
}

/** An open, paused WebSocket on such a connection. */
export interface DialledVendor extends Connection {
  readonly socket: LegSocket;
}

/** Why no connection came about. `subject` is a system or TLS error code, or an HTTP status; never a text of the peer. */
export interface DialRefusal {
  readonly reason: ReasonCode;
  readonly subject: string;
}

/** A connection that was not as it must be. */
export class Refused extends Error {
  readonly refusal: DialRefusal;
  constructor(reason: ReasonCode, subject: string) {
    super(reason);
    this.refusal = { reason, subject };
  }
}

/**
 * Connects, judges the address, the certificate, its pin and the TLS version, and only then sends the first byte of
 * the upgrade: no credential reaches a host that is not proven to be the vendor. No redirect is followed.
 */
export async function dial(target: DialTarget): Promise<DialledVendor | DialRefusal> {
  const deadline = AbortSignal.timeout(target.timeoutMs);
  const url = new URL(target.vendor.url);
  try {
    const { transport, network } = await connectJudged(target, url, deadline);
    return { socket: await upgrade(target, url, transport, deadline), transport, network };
  } catch (fault) {
    return refusalOf(fault, deadline);
  }
}

/** What a failed connection means. A deadline that has passed explains all that failed after it. */
export function refusalOf(fault: unknown, deadline: AbortSignal): DialRefusal {
  if (deadline.aborted) return { reason: 'VENDOR_TIMEOUT', subject: 'ETIMEDOUT' };
  if (fault instanceof Refused) return fault.refusal;
  return { reason: reasonOf(codeOf(fault)), subject: codeOf(fault) };
}

/**
 * Connects to a host whose address, certificate, pin and TLS version are judged before a byte is sent. What rejects it is
 * for {@link refusalOf}. Sub-processors are dialled with {@link dial} alone: it takes no vendor that is not approved.
 */
export async function connectJudged(target: ConnectTarget, url: URL, deadline: AbortSignal): Promise<Connection> {
  const addresses = await resolveAllowed(target.vendor, bareHost(url), deadline);
  let lastFault: unknown;
  for (const address of addresses) {
    try {
      return await connectTo(address, target, url, deadline);
    } catch (fault) {
      if (fault instanceof Refused || deadline.aborted || isCertificateFault(codeOf(fault))) throw fault;
      lastFault = fault;
    }
  }
  throw lastFault;
}

/** The addresses of the host that the policy allows. They are connected to as they are: no second look-up can differ. */
async function resolveAllowed(vendor: Peer, host: string, deadline: AbortSignal): Promise<string[]> {
  const found = isIP(host) === 0 ? await untilDeadline(lookup(host, { all: true }), deadline) : [{ address: host }];
  const addresses = found.map(({ address }) => address);
  const allowed = addresses.filter((address) => {
    return judgeAddress(vendor, { address, addressClass: classOf(address) }).verdict === 'allow';
  });
  if (allowed.length === 0) throw new Refused('VENDOR_ADDRESS_REFUSED', classOf(addresses[0] ?? ''));
  return allowed;
}

function connectTo(address: string, target: ConnectTarget, url: URL, deadline: AbortSignal): Promise<Connection> {
  const secure = url.protocol === 'wss:' || url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const socket = secure ? openTls(address, port, bareHost(url), target.trust) : connectTcp({ host: address, port });
  socket.setNoDelay(true);
  return new Promise<Connection>((resolve, reject) => {
    const abort = (): void => {
      socket.destroy();
      reject(new Refused('VENDOR_TIMEOUT', 'ETIMEDOUT'));
    };
    deadline.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      deadline.removeEventListener('abort', abort);
      socket.removeListener('error', reject);
      const network = networkFacts(bareHost(url), socket);
      const refusal = judge(target.vendor, address, socket, network);
      if (refusal === undefined) return resolve({ transport: socket, network });
      socket.destroy();
      return reject(refusal);
    });
  });
}

function openTls(address: string, port: number, host: string, trust: SecureContext | undefined): TLSSocket {
  const options: ConnectionOptions = {
    host: address,
    port,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
  // A literal address is not a server name: RFC 6066 section 3.
  if (isIP(host) === 0) options.servername = host;
  if (trust !== undefined) options.secureContext = trust;
  return connectTls(options);
}

function judge(vendor: Peer, address: string, socket: Socket, network: NetworkFacts): Refused | undefined {
  const decision = judgeTls(vendor, {
    address,
    addressClass: classOf(address),
    protocol: network.tls,
    cipher: network.cipher,
    authorised: isTls(socket) && socket.authorized,
    spki: network.spki,
  });
  return decision.verdict === 'refuse' ? new Refused(decision.reason, decision.reason) : undefined;
}

function upgrade(target: DialTarget, url: URL, transport: Socket, deadline: AbortSignal): Promise<WebSocket> {
  for (const [name, value] of Object.entries(target.secretParameters ?? {}))
    url.search += `${url.search === '' ? '?' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return new Promise<WebSocket>((resolve, reject) => {
    const socket = new WebSocket(url, {
      ...socketOptions(target.maxPayload),
      createConnection: () => transport,
      headers: { ...target.headers },
      followRedirects: false,
    });
    const abort = (): void => {
      socket.terminate();
      reject(new Refused('VENDOR_TIMEOUT', 'ETIMEDOUT'));
    };
    deadline.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      const status = response.statusCode ?? 0;
      socket.terminate();
      reject(new Refused(status >= 300 && status < 400 ? 'VENDOR_REDIRECT' : 'VENDOR_REJECTED', String(status)));
    });
    socket.once('open', () => {
      deadline.removeEventListener('abort', abort);
      socket.removeListener('error', reject);
      socket.on('error', () => undefined); // Until a call is attached; `close` follows and tells it.
      socket.pause();
      resolve(socket);
    });
  });
}

function networkFacts(host: string, socket: Socket): NetworkFacts {
  if (!isTls(socket)) return { host };
  const spki = spkiOf(socket);
  return {
    host,
    tls: socket.getProtocol() ?? 'none',
    cipher: socket.getCipher().standardName,
    ...(spki === undefined ? {} : { spki }),
  };
}

/** SHA-256 of the SubjectPublicKeyInfo, base64: the form of an RFC 7469 pin. Node gives the certificate once. */
function spkiOf(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate instanceof X509Certificate
    ? createHash('sha256')
        .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
        .digest('base64')
    : undefined;
}

/** The host of a URL; an IPv6 literal without its brackets. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/gu, '');
}

function isTls(socket: Socket): socket is TLSSocket {
  return 'getPeerX509Certificate' in socket;
}

async function untilDeadline<Value>(work: Promise<Value>, deadline: AbortSignal): Promise<Value> {
  const expired = new Promise<never>((_resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new Refused('VENDOR_TIMEOUT', 'ETIMEDOUT')), { once: true });
  });
  return Promise.race([work, expired]);
}

function codeOf(fault: unknown): string {
  return fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : 'UNKNOWN';
}

/** Codes of a certificate that OpenSSL or Node's host name check did not accept. */
function isCertificateFault(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ALTNAME|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH/u.test(code);
}

function reasonOf(code: string): ReasonCode {
  if (isCertificateFault(code)) return 'VENDOR_CERTIFICATE';
  if (/SSL|TLS|EPROTO/u.test(code)) return 'VENDOR_TLS_VERSION';
  return 'VENDOR_UNREACHABLE';
}
