import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Fault } from '../config.ts';
import { tokenForm, tokenWanted } from './apps.ts';
import { unreadableSentence, type NamedFiles } from './files.ts';
import type { Path, Source } from './source.ts';
import type { VendorFiles } from './vendor.ts';

/** What stands in the files that a configuration names, and what is wrong with them. */
export interface Assets {
  readonly faults: readonly Fault[];
  /** By the index of the entry of `sub_processors`. */
  readonly vendors: readonly VendorFiles[];
  /** Certificate authorities, by the index of the entry of `taps`. */
  readonly taps: readonly (string | undefined)[];
  /** Certificate authorities of the webhooks for tools, by the index of the entry of `routes`. */
  readonly tools: readonly (string | undefined)[];
  /** Tokens out of files, by the index of the entry of `apps`. */
  readonly apps: readonly (readonly string[])[];
  readonly tls:
    { readonly certificate: string; readonly key: string; readonly clientAuthority: string | undefined } | undefined;
}

export async function readAssets(source: Source, files: NamedFiles): Promise<Assets> {
  const reader = new AssetReader(source, files);
  const entries = source.valueAt(['sub_processors']);
  const vendors: VendorFiles[] = [];
  for (const index of Array.isArray(entries) ? entries.keys() : []) vendors.push(await reader.vendor(index));
  const taps = await reader.authorities('taps');
  const tools = await reader.authorities('routes', 'session', 'webhook');
  const apps = await reader.tokens();
  return { vendors, taps, tools, apps, tls: await reader.tls(), faults: reader.faults };
}

class AssetReader {
  readonly faults: Fault[] = [];
  readonly #source: Source;
  readonly #files: NamedFiles;

  constructor(source: Source, files: NamedFiles) {
    this.#source = source;
    this.#files = files;
  }

  async vendor(index: number): Promise<VendorFiles> {
    const entry: Path = ['sub_processors', index];
    const certificateAuthority = await this.authority(entry);
    return { documentSha256: await this.#document([...entry, 'baa', 'document']), certificateAuthority };
  }

  /** The certificate authorities that the entries of a list name, there or at a place inside. */
  async authorities(key: string, ...inside: readonly string[]): Promise<(string | undefined)[]> {
    const entries = this.#source.valueAt([key]);
    const found: (string | undefined)[] = [];
    for (const index of Array.isArray(entries) ? entries.keys() : [])
      found.push(await this.authority([key, index, ...inside]));
    return found;
  }

  /** The tokens in the files that each app names; the same token twice would leave open whose it is. */
  async tokens(): Promise<string[][]> {
    const apps = this.#source.valueAt(['apps']);
    const seen = new Set<string>();
    const found: string[][] = [];
    for (const index of Array.isArray(apps) ? apps.keys() : []) {
      const tokens: string[] = [];
      const names = this.#source.valueAt(['apps', index, 'token_files']);
      for (const at of Array.isArray(names) ? names.keys() : []) {
        const path = ['apps', index, 'token_files', at];
        const token = (await this.#text(path, 'a file with a token'))?.trim();
        if (token === undefined) continue;
        if (!tokenForm.test(token)) this.faults.push(this.#source.faultAt(path, 'a file without a token', tokenWanted));
        if (seen.has(token)) this.faults.push(this.#source.faultAt(path, 'the token of another file', 'another token'));
        seen.add(token);
        tokens.push(token);
      }
      found.push(tokens);
    }
    return found;
  }

  /** The certificate authority that an entry names. */
  async authority(entry: Path, name = 'certificate_authority'): Promise<string | undefined> {
    const path = [...entry, name];
    const certificate = await this.#text(path, 'a PEM file');
    if (certificate !== undefined && !isCertificate(certificate))
      this.faults.push(this.#source.faultAt(path, 'a file without a certificate', 'a certificate in PEM form'));
    return certificate;
  }

  async tls(): Promise<Assets['tls']> {
    const at: Path = ['listen', 'calls', 'tls'];
    const certificate = await this.#text([...at, 'certificate'], 'a certificate chain in PEM form');
    const key = await this.#text([...at, 'key'], 'a private key in PEM form');
    const clientAuthority = await this.authority(at, 'client_authority');
    if (certificate === undefined || key === undefined) return undefined;
    if (isPair(certificate, key)) return { certificate, key, clientAuthority };
    const wanted = 'a PEM certificate and the unencrypted PEM key that belongs to it';
    this.faults.push(this.#source.faultAt(at, 'files that are no pair', wanted));
    return undefined;
  }

  async #document(path: Path): Promise<string | undefined> {
    const name = this.#source.valueAt(path);
    if (typeof name !== 'string') return undefined;
    const digest = await this.#files.sha256(name);
    if (typeof digest === 'string') return digest;
    this.faults.push(this.#source.faultAt(path, unreadableSentence(name, digest), 'the signed agreement'));
    return undefined;
  }

  async #text(path: Path, wanted: string): Promise<string | undefined> {
    const name = this.#source.valueAt(path);
    if (typeof name !== 'string') return undefined;
    const text = await this.#files.text(name);
    if (typeof text === 'string') return text;
    this.faults.push(this.#source.faultAt(path, unreadableSentence(name, text), wanted));
    return undefined;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function isPair(certificate: string, key: string): boolean {
  try {
    createSecureContext({ cert: certificate, key });
    return true;
  } catch {
    return false;
  }
}
