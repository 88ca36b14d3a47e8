import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenOn } from '../../src/server/port.ts';
import { Secret } from '../../src/server/secret.ts';
import { awsCredentials, revealed } from '../../src/server/service-credentials.ts';

let folder: string;
let file: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chaperone-credentials-'));
  file = join(folder, 'credentials');
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

async function serve(answer: (authorization: string | undefined) => { status: number; body: object }): Promise<string> {
  const listening = createServer((request, response) => {
    const { status, body } = answer(request.headers.authorization);
    response.writeHead(status).end(JSON.stringify(body));
  });
  server = listening;
  const port = await listenOn(listening, { host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${port}/v2/credentials`;
}

const refusal = { code: 'SERVICE_CREDENTIALS', exitCode: 78 };

describe('credentials for AWS', () => {
  it('of a file are those of the profile, and read again each time', async () => {
    await writeFile(
      file,
      '# made by a tool\r\n[default]\r\naws_access_key_id = AKIAONE\r\naws_secret_access_key=one/secret+\r\n\n[ log ]\naws_access_key_id=AKIATWO\naws_secret_access_key = two\naws_session_token = token==\n',
    );
    const first = { kind: 'file', file, profile: 'default' } as const;
    expect(await awsCredentials(first)).toEqual({ accessKeyId: 'AKIAONE', secretAccessKey: 'one/secret+' });
    expect(await awsCredentials({ ...first, profile: 'log' })).toEqual({
      accessKeyId: 'AKIATWO',
      secretAccessKey: 'two',
      sessionToken: 'token==',
    });
    await writeFile(file, '[default]\naws_access_key_id=AKIANEW\naws_secret_access_key=new\n');
    expect(await awsCredentials(first)).toMatchObject({ accessKeyId: 'AKIANEW' });
  });

  it('that are not there are refused in words, without what was read', async () => {
    const source = { kind: 'file', file, profile: 'default' } as const;
    await expect(awsCredentials(source)).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'),
    });
    await writeFile(file, '[other]\naws_access_key_id=AKIAX\naws_secret_access_key=planted\n');
    const fault: unknown = await awsCredentials(source).catch((error: unknown) => error);
    expect(fault).toMatchObject(refusal);
    expect(String(fault)).toContain('no profile [default]');
    expect(String(fault)).not.toContain('planted');
  });

  it('of a container are asked for with its token', async () => {
    const given = { AccessKeyId: 'ASIA1', SecretAccessKey: 's', Token: 't', Expiration: '2026-11-23T00:00:00Z' };
    const url = await serve((authorization) =>
      authorization === 'Bearer x' ? { status: 200, body: given } : { status: 401, body: {} },
    );
    await writeFile(file, 'Bearer x\n');
    const expected = { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't' };
    expect(await awsCredentials({ kind: 'container', url, token: { file } })).toEqual(expected);
    expect(await awsCredentials({ kind: 'container', url, token: new Secret('Bearer x') })).toEqual(expected);
    await expect(awsCredentials({ kind: 'container', url, token: undefined })).rejects.toMatchObject(refusal);
    server?.close();
    await expect(
      awsCredentials({ kind: 'container', url: 'http://127.0.0.1:9/none', token: undefined }),
    ).rejects.toMatchObject({ ...refusal, message: expect.stringContaining('does not answer') });
  });

  it('of the environment are taken as they are', async () => {
    const source = { kind: 'environment', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } as const;
    expect(await awsCredentials({ ...source, sessionToken: undefined })).toEqual({
      accessKeyId: 'AKIA',
      secretAccessKey: 's',
    });
    expect(await awsCredentials({ ...source, sessionToken: new Secret('t') })).toMatchObject({ sessionToken: 't' });
  });

  it('a token file that is gone is refused in words', async () => {
    await expect(revealed({ file })).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('cannot be read'),
    });
  });
});
