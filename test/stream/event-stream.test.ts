import * as fc from 'fast-check';
import { Stream } from 'openai/streaming';
import { describe, expect, it } from 'vitest';
import { EventStream } from '../../src/stream/event-stream.ts';

/** All events of a text, which arrives in pieces of these sizes. */
function read(text: string, sizes: readonly number[] = [text.length], longest = 1_000): string[] | undefined {
  const stream = new EventStream(longest);
  const bytes = Buffer.from(text);
  const events: string[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = Math.max(1, sizes[index % sizes.length] ?? 1);
    const found = stream.push(bytes.subarray(at, at + size));
    if (found === undefined) return undefined;
    events.push(...found.map((event) => event.toString()));
    at += size;
  }
  return events;
}

it.each([
  ['data: {"a":1}\n\ndata: [DONE]\n\n', ['{"a":1}', '[DONE]']],
  ['data:x\r\n\r\ndata:y\r\rdata: z\n\n', ['x', 'y', 'z']],
  ['data: first\ndata:  second\n\n', ['first\n second']],
  [': a comment\nevent: ping\nid: 7\nretry: 10\n\ndata: x\n\n', ['x']],
  ['data\n\ndataset: x\n\ndata:\n\n', ['']],
  ['\uFEFFdata: x\n\n', ['x']],
  ['data: Zoë 😀\n\n', ['Zoë 😀']],
  ['data: no end', []],
  ['\n\n\n', []],
])('%j', (text, events) => {
  expect(read(text)).toEqual(events);
  expect(read(text, [1])).toEqual(events);
});

it('is the same however it is cut', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/gu, '')}`),
    fc.constantFrom('', '', ': comment', 'event: x', 'data'),
  );
  const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))).map((all) => all.flat().join(''));
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (whole, sizes) => {
      expect(read(whole, sizes, 10_000)).toEqual(read(whole, [whole.length], 10_000));
    }),
  );
});

describe('an event that is too long', () => {
  it.each(['x'.repeat(2_000), `data: ${'x'.repeat(2_000)}`, 'data: xxxxxxxxxx\n'.repeat(100)])('ends it', (text) => {
    expect(read(text, [64])).toBeUndefined();
  });
  it('is not the sum of short ones', () => {
    expect(read('data: xxxxxxxxxx\n\n'.repeat(1_000), [64])).toHaveLength(1_000);
  });
});

it('reads what the SDK of OpenAI reads', async () => {
  const chunks = [{ id: 'a', text: 'x\ny' }, { id: 'b', text: 'ü' }, { id: 'c' }].map((each) => JSON.stringify(each));
  const wire = `${chunks.map((text) => `data: ${text}\r\n\r\n`).join(': keep-alive\n\n')}data: [DONE]\n\n`;
  const stream = Stream.fromSSEResponse<object>(new Response(wire), new AbortController());
  const theirs: string[] = [];
  for await (const chunk of stream) theirs.push(JSON.stringify(chunk));
  expect([...theirs, '[DONE]']).toEqual(read(wire, [5]));
});
