import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reasons } from '../../../src/policy/reason.ts';
import { bounds } from '../../../src/server/taps/limits.ts';
import { signatureOf } from '../../../src/server/taps/post.ts';

const text = await readFile(new URL('../../../docs/taps.md', import.meta.url), 'utf8');

interface Snippet {
  isFromChaperone(secret: string, header: string, body: string, now?: number): boolean;
}

test('what docs/taps.md says checks a signature does', async () => {
  const code = /```js\n([\s\S]*?)```/u.exec(text)?.[1] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'chaperone-snippet-'));
  await writeFile(join(folder, 'snippet.mjs'), code);
  const snippet = (await import(/* @vite-ignore */ join(folder, 'snippet.mjs'))) as Snippet;
  const isFromChaperone: Snippet['isFromChaperone'] = (...asked) => snippet.isFromChaperone(...asked);
  const [now, body] = [1_795_000_000_123, '{"tap":"records","lines":[{"text":"caf\u00e9"}]}'];
  const header = signatureOf('secret', Math.floor(now / 1000), body);
  expect(isFromChaperone('secret', header, body, now)).toBe(true);
  expect(isFromChaperone('another', header, body, now)).toBe(false);
  expect(isFromChaperone('secret', header, `${body} `, now)).toBe(false);
  expect(isFromChaperone('secret', header, body, now + 301_000)).toBe(false);
  expect(isFromChaperone('secret', header.replace(/t=\d+/u, 't=1'), body, 1_000)).toBe(false);
  for (const wrong of ['', 'v1=00', header.slice(0, -1)])
    expect(isFromChaperone('secret', wrong, body, now)).toBe(false);
  await rm(folder, { recursive: true });
});

test('its reasons exist, and its bounds are those of the code', () => {
  const codes = [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/gu)].map((match) => match[1] ?? '');
  expect(codes.filter((code) => !Object.hasOwn(reasons, code))).toEqual([]);
  const said = {
    '1 MiB or 20 s unread': [bounds.unreadBytes, bounds.unreadMs],
    '16,384\ncharacters': [bounds.lineCharacters],
    '2 minutes, 2,000 lines': [bounds.keptMs, bounds.keptLines],
    'up to 100 or 256 KiB at once': [bounds.batchLines, bounds.batchBytes],
    'after 250 ms, doubled up to a\n  minute': [bounds.firstRetryMs, bounds.lastRetryMs],
    'no answer in 10 s': [bounds.postMs],
    'a loss of power after 200 ms': [bounds.syncMs],
    'an eighth of the queue': [bounds.queueFiles],
    'finds 2,000 others': [bounds.unstoredLines],
    '64 readers': [bounds.readers],
  };
  for (const sentence of Object.keys(said)) expect(text).toContain(sentence);
  expect(Object.values(said)).toEqual([
    [1_048_576, 20_000],
    [16_384],
    [120_000, 2_000],
    [100, 262_144],
    [250, 60_000],
    [10_000],
    [200],
    [8],
    [2_000],
    [64],
  ]);
});
