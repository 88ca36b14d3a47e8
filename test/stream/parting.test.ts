/** What is said on the caller's leg where that side moves the call: it has to answer what was asked last. */
import { describe, expect, it } from 'vitest';
import { protocols } from '../../src/stream/protocols/index.ts';
import { Way, type OpenMessage, type Parting } from '../../src/stream/protocol.ts';

const codec = protocols['retell-llm'];
const onward = { say: 'One moment please.', dial: '+15125550100' };
const moves = { content_complete: true, no_interruption_allowed: true, transfer_number: '+15125550100' };

function opened(way: Way, message: object): OpenMessage {
  const open = codec.open(way, Buffer.from(JSON.stringify(message)), false);
  if (typeof open === 'string') throw new Error(open);
  return open;
}

const request = (id: number, type = 'response_required'): OpenMessage =>
  opened(Way.toVendor, { interaction_type: type, response_id: id, transcript: [] });
const answer = (id: number, complete: boolean): OpenMessage =>
  opened(Way.toCaller, { response_type: 'response', response_id: id, content: 'Hello', content_complete: complete });

function started(): Parting {
  if (codec.parting === undefined) throw new Error('Retell moves calls');
  return codec.parting();
}

const said = (data: Buffer | undefined): unknown => data && JSON.parse(data.toString());

describe('what Retell is told when a human has to take the call', () => {
  it('answers the newest request', () => {
    const parting = started();
    parting.heard(request(1));
    parting.told(answer(1, true));
    parting.heard(request(2));
    parting.heard(request(3, 'reminder_required'));
    parting.told(answer(2, true)); // Too late: Retell drops it.
    expect(said(parting.begin(onward))).toEqual({
      response_type: 'response',
      response_id: 3,
      content: 'One moment please.',
      ...moves,
    });
  });

  it('goes on after what was said of the answer', () => {
    const parting = started();
    parting.heard(request(1));
    parting.told(answer(1, false));
    expect(said(parting.begin(onward))).toMatchObject({ response_id: 1, content: ' One moment please.' });
  });

  it('knows the answers of a server so old that it says no type', () => {
    const parting = started();
    parting.heard(request(1));
    parting.told(opened(Way.toCaller, { response_id: 1, content: 'Hello', content_complete: true }));
    expect(said(parting.begin(onward))).toMatchObject({ response_type: 'agent_interrupt', interrupt_id: 1 });
  });

  it('takes the place of the first words, which nobody asks for', () => {
    expect(said(started().begin(onward))).toMatchObject({ response_type: 'response', response_id: 0, ...moves });
  });

  it('interrupts where all was answered, under a number that the model did not use', () => {
    const parting = started();
    parting.told(answer(0, true));
    parting.told(
      opened(Way.toCaller, {
        response_type: 'agent_interrupt',
        interrupt_id: 7,
        content: 'One second.',
        content_complete: true,
      }),
    );
    const interrupt = { response_type: 'agent_interrupt', interrupt_id: 8, content: 'One moment please.', ...moves };
    expect(said(parting.begin(onward))).toEqual(interrupt);
  });

  it('says it again to each request after that, echoes pings, and answers nothing else', () => {
    const parting = started();
    parting.told(answer(0, true));
    parting.begin(onward);
    expect(said(parting.answer(request(4), onward))).toMatchObject({ response_id: 4, ...moves });
    expect(said(parting.answer(request(5, 'reminder_required'), onward))).toMatchObject({ response_id: 5, ...moves });
    const ping = opened(Way.toVendor, { interaction_type: 'ping_pong', timestamp: 1_789_000_000_000 });
    expect(said(parting.answer(ping, onward))).toEqual({ response_type: 'ping_pong', timestamp: 1_789_000_000_000 });
    const update = opened(Way.toVendor, { interaction_type: 'update_only', transcript: [] });
    expect(parting.answer(update, onward)).toBeUndefined();
  });

  it('ends the call where there is no number: an action, and only one', () => {
    const parting = started();
    const ended = said(parting.begin({ say: 'Please call again later.', dial: undefined }));
    expect(ended).toMatchObject({ content: 'Please call again later.', end_call: true });
    expect(ended).not.toHaveProperty('transfer_number');
  });
});

it('no other protocol has such words: there the socket is closed', () => {
  const names = Object.values(protocols)
    .filter(({ parting }) => parting !== undefined)
    .map(({ name }) => name);
  expect(names).toEqual(['retell-llm']);
});
