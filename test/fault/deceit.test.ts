import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { connectTo } from '../conformance/support/caller.ts';
import { Stage } from '../e2e/stage.ts';
import { observe } from './observe.ts';

/** A path that leaves its folder, a line that ends a line, a colour, a NUL, bytes that are no text: as the last part of a path. */
const names = [
  '../../../../etc/passwd',
  '..%2f..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '..%5c..%5cetc%5cpasswd',
  '..%252f..%252fetc%252fpasswd',
  '%2fetc%2fpasswd',
  'zephyrine%0d%0aX-Forged:%20quillfeather',
  'zephyrine%0a{"level":30,"msg":"quillfeather"}',
  '%1b%5b31mzephyrine%1b%5b0m',
  'zephyrine%00quillfeather',
  '%ff%fezephyrine',
  '__proto__',
  'constructor',
] as const;
const token = 'desk-token-0123456789abcdef0123456789abcdef';

let stage: Stage;
beforeAll(async () => {
  const operators = [{ id: 'desk', token, may: ['taps'] }];
  stage = await Stage.open({ change: (made) => ({ ...made, operators }) });
});
afterAll(() => stage.curtain());

/** Sends a request as it stands, and reads the whole answer. */
function answerTo(socket: Socket, lines: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    socket.on('data', (part: Buffer) => (answer += part.toString('latin1')));
    socket.on('error', () => undefined).once('close', () => resolve(answer));
    socket.write([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1');
  });
}

const ofAdmin = (...lines: readonly string[]): Promise<string> =>
  answerTo(connect({ port: stage.scene.adminPort, host: '127.0.0.1' }), lines);

/** Nothing is found, and nothing of what was asked comes back. */
function expectNothing(answer: string, status: RegExp): void {
  expect(answer).toMatch(status);
  expect(answer).not.toMatch(/^x-forged/imu);
  expect(answer).not.toMatch(/root:|zephyrine|quillfeather/iu);
  expect(answer).not.toContain('\u001b');
}

describe.each(names)('[G5] the name %s', (name) => {
  it.each(['/taps/calls/', '/metrics/', '/'])('asked for under %s of the admin listener', async (under) => {
    const asked = `GET ${under}${name} HTTP/1.1`;
    expectNothing(await ofAdmin(asked, 'Host: localhost', `Authorization: Bearer ${token}`), /^HTTP\/1\.1 40[04] /u);
    expectNothing(await ofAdmin(asked, 'Host: localhost'), /^HTTP\/1\.1 40[014] /u);
  });

  it.each(['POST /twilio/voice/', 'GET /calls/', 'GET /calls/front-desk/'])(
    'asked for with %s of the calls listener',
    async (asked) => {
      const lines = [`${asked}${name} HTTP/1.1`, 'Host: localhost', 'Content-Length: 0'];
      expectNothing(await answerTo(await connectTo(stage.carrier), lines), /^HTTP\/1\.1 4\d\d /u);
    },
  );
});

it.each([
  ['a line of its own', `Authorization: Bearer x\n{"level":30,"msg":"${canary.name}"}`],
  ['a colour', `Authorization: Bearer \u001b[31m${canary.name}`],
  ['a NUL', `Authorization: Bearer \u0000${canary.name}`],
])('[G5] a token with %s is the token of nobody', async (_what, header) => {
  expectNothing(await ofAdmin('GET /taps/calls HTTP/1.1', 'Host: localhost', header), /^HTTP\/1\.1 40[01] /u);
});

it('[G5] none of it made a line of the log, and each line is one JSON object', async (context) => {
  for (const line of stage.lines) {
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toHaveProperty('msg');
  }
  expect(stage.lines.join('')).not.toMatch(/zephyrine|quillfeather|passwd|\\u001b/iu);
  expect(await stage.metrics()).not.toMatch(/zephyrine|quillfeather|passwd|constructor|__proto__/iu);
  await stage.stop();
  const clear = JSON.stringify((await stage.records()).map(({ members }) => members));
  expect(clear).not.toMatch(/zephyrine|quillfeather|passwd|x-forged|\\u001b/iu);
  observe(context, { seen: 'nothing found, no line forged' });
});
