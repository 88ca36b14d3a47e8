import type { TlsOptions } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import type { Scene } from '../../src/server/demo/scene.ts';
import { mediaFrame, setup } from '../../src/server/demo/streams.ts';
import { placeCall, streamUrl, upgrade } from '../conformance/support/caller.ts';
import { closePayload, Opcode } from '../conformance/support/frames.ts';
import { hangUp, secret, Theatre } from '../conformance/support/theatre.ts';
import { accepting, RawVendor, trustedTls } from '../conformance/support/vendor.ts';
import { Stage } from '../e2e/stage.ts';
import { certified } from './certificates.ts';
import { faultIn } from './live.ts';
import { observe } from './observe.ts';

describe('a vendor that goes', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterAll(() => theatre.close());

  it.for([1000, 1001, 1011, 1012, 4000])('[A1] with %i in the middle of a call', async (code, context) => {
    const call = await theatre.call();
    const { reason } = await faultIn(context, call, ({ vendor }) => {
      vendor.send(closePayload(code, canary.name), { opcode: Opcode.close });
    });
    expect(reason).toBe('VENDOR_CLOSED');
  });

  it('[A1] without a close frame, and nobody is dialled again', async (context) => {
    const call = await theatre.call();
    const before = theatre.vendor.connections;
    expect((await faultIn(context, call, ({ vendor }) => vendor.socket.end())).reason).toBe('VENDOR_CLOSED');
    await sleep(300);
    expect(theatre.vendor.connections).toBe(before);
  });

  it('[A2] by a reset inside a frame', async (context) => {
    const call = await theatre.call();
    const { reason } = await faultIn(context, call, ({ vendor }) => {
      vendor.send(secret('vendor', call), { claims: 5_000n });
      theatre.vendor.reset(vendor);
    });
    expect(reason).toBe('VENDOR_CLOSED');
    expect(call.caller.texts.filter((text) => text.includes(canary.name))).toEqual([]);
  });

  it('[A1] the log says that it closed, what it had, and then that the call went to a human', async () => {
    const call = await theatre.call();
    call.vendor.send(closePayload(1011), { opcode: Opcode.close });
    await call.caller.closed;
    await theatre.stage.stop();
    const events = await theatre.stage.events();
    expect(events.slice(events.lastIndexOf('disclosure.end') - 2, -1)).toEqual([
      'route.human VENDOR_CLOSED',
      'vendor.close VENDOR_CLOSED',
      'disclosure.end',
      'route.human VENDOR_CLOSED',
      'call.end VENDOR_CLOSED',
    ]);
  });
});

/** A call whose vendor answers an upgrade in this way, as far as the answer of the gate. */
async function upgradeWith(vendor: RawVendor) {
  const stage = await Stage.open({ vendor: vendor.start });
  const { url } = await streamUrl(stage.carrier, 'front-desk');
  const { status, rest, head, socket } = await upgrade(stage.carrier, url);
  const reason = rest.toString().trim() || (/[A-Z]+_[A-Z_]+/u.exec(head)?.[0] ?? '');
  socket.destroy();
  await stage.stop();
  const events = await stage.events();
  await stage.curtain();
  return { status, reason, events };
}

describe('a vendor that does not take the call', () => {
  it.for([301, 302, 303, 307, 308])('[A5] but redirects with %i', async (code, context) => {
    const vendor = new RawVendor({
      answer: () =>
        `HTTP/1.1 ${code} Elsewhere\r\nLocation: wss://localhost:1/${canary.name}\r\nContent-Length: 0\r\n\r\n`,
    });
    const { status, reason, events } = await upgradeWith(vendor);
    expect([status, reason]).toEqual([502, 'VENDOR_REDIRECT']);
    expect(events).toContain('vendor.refuse VENDOR_REDIRECT');
    expect(vendor.connections).toBe(1);
    observe(context, { seen: `${status} ${reason}` });
  });

  it.for([401, 403, 429, 500, 503])('[A15] but answers %i', async (code, context) => {
    const vendor = new RawVendor({
      answer: () => `HTTP/1.1 ${code} No\r\nRetry-After: 1\r\nContent-Length: 3\r\n\r\nno!`,
    });
    const { status, reason, events } = await upgradeWith(vendor);
    expect([status, reason]).toEqual([502, 'VENDOR_REJECTED']);
    expect(events).not.toContain('disclosure.begin');
    expect(vendor.connections).toBe(1);
    observe(context, { seen: `${status} ${reason}` });
  });

  it('[A4] and says nothing at all', async (context) => {
    const { status, reason } = await upgradeWith(new RawVendor({ answer: () => undefined }));
    expect([status, reason]).toEqual([504, 'VENDOR_TIMEOUT']);
    observe(context, { seen: `${status} ${reason}` });
  });
});

describe('a certificate that is wrong', () => {
  it.for<[string, (scene: Scene) => Promise<TlsOptions>]>([
    ['expired', certified({ by: 'scene', from: -10, to: -1 })],
    ['not yet valid', certified({ by: 'scene', from: 1, to: 10 })],
    ['of another host', certified({ by: 'scene', names: ['elsewhere.example'] })],
    ['without a name', certified({ by: 'scene', names: [] })],
    ['self-signed', certified({ by: 'itself' })],
    ['of an unknown authority', certified({ by: 'stranger' })],
  ])('[A6] %s', async ([, tls], context) => {
    const vendor = new RawVendor({ tls });
    const { status, reason, events } = await upgradeWith(vendor);
    expect([status, reason]).toEqual([502, 'VENDOR_CERTIFICATE']);
    expect(events).toEqual(expect.arrayContaining(['sec.tls VENDOR_CERTIFICATE', 'vendor.refuse VENDOR_CERTIFICATE']));
    expect(vendor.heads).toEqual([]);
    observe(context, { seen: `${status} ${reason}` });
  });

  it('[A6] in no way is taken: the same authority, this host, now', async () => {
    expect((await upgradeWith(new RawVendor({ tls: certified({ by: 'scene' }) }))).status).toBe(101);
  });

  it('[A8] another one on the next call, where no key is pinned, is on record', async (context) => {
    const keys: unknown[] = [];
    const tls = { current: certified({ by: 'scene' }) };
    const vendor = new RawVendor({ tls: (scene) => tls.current(scene) });
    const stage = await Stage.open({ vendor: vendor.start });
    const answers: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      const { url } = await streamUrl(stage.carrier, 'front-desk');
      const { status, socket } = await upgrade(stage.carrier, url);
      answers.push(status);
      socket.destroy();
      vendor.renew(await trustedTls(stage.scene));
    }
    await stage.stop();
    for (const { members } of await stage.records())
      if (members['k'] === 'vendor.connect') keys.push(Reflect.get(Object(members['net']), 'spki'));
    await stage.curtain();
    expect([answers, new Set(keys).size]).toEqual([[101, 101], 2]);
    observe(context, { seen: 'both keys on record' });
  });
});

describe('a vendor that talks or listens too much or too little', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterAll(() => theatre.close());

  it('[A10] floods a caller who does not read', async (context) => {
    const call = await theatre.call();
    const { vendor, caller, streamSid } = call;
    const flood = Buffer.alloc(8_000, 1).toString('base64');
    const frame = `{"event":"media","streamSid":"${streamSid}","media":{"payload":"${flood}"}}`;
    const started = performance.now();
    caller.stopReading();
    const timer = setInterval(() => {
      while (vendor.socket.writable && vendor.socket.writableLength < 200_000) vendor.send(frame);
    }, 1);
    await vendor.gone;
    clearInterval(timer);
    const taken = vendor.socket.bytesWritten;
    // Kernel buffers of both legs and 1 MiB of ours; a flood of seconds would be gigabytes.
    expect(taken).toBeLessThan(48 * 1024 * 1024);
    caller.socket.resume();
    const { reason, code } = await caller.closed;
    expect(['PEER_TOO_SLOW', '1006']).toContain(reason === '' ? String(code) : reason);
    observe(context, { seen: 'PEER_TOO_SLOW, memory bounded', humanMs: performance.now() - started });
  });

  it('[A11] does not read', async (context) => {
    const call = await theatre.call();
    const { vendor, caller, streamSid } = call;
    vendor.stopReading();
    const started = performance.now();
    const timer = setInterval(() => {
      for (let at = 0; caller.socket.writable && caller.socket.writableLength < 200_000 && at < 500; at += 1)
        caller.send(mediaFrame(streamSid, at, Buffer.alloc(8_000, 1).toString('base64')));
    }, 1);
    const { reason } = await caller.closed;
    clearInterval(timer);
    expect(reason).toBe('PEER_TOO_SLOW');
    expect(caller.socket.bytesWritten).toBeLessThan(48 * 1024 * 1024);
    observe(context, { seen: 'PEER_TOO_SLOW, memory bounded', humanMs: performance.now() - started });
    vendor.socket.destroy();
  });
});

describe('[A12] a vendor that says who the caller is', () => {
  it('says it to nobody who may not hear it', async (context) => {
    const vendor = new RawVendor({ answer: accepting });
    const caller = { NAME: 'mask', PHONE: 'mask' };
    const stage = await Stage.open({ vendor: vendor.start, change: (made) => ({ ...made, clearances: { caller } }) });
    const call = await placeCall(stage, vendor, 'booking');
    call.caller.send(setup(call.callSid, stage.carrier.accountSid));
    for (const token of ['I have ', 'Zephyrine Quill', 'feather at 512-555-', '0143 here'])
      call.vendor.send(JSON.stringify({ type: 'text', token, last: token.endsWith('here') }));
    await expect.poll(() => call.caller.texts.join('')).toContain('"last":true');
    expect(call.caller.texts.join('')).not.toMatch(/zephyrine|quillfeather|0143/iu);
    await hangUp(call);
    await stage.curtain();
    observe(context, { seen: 'masked' });
  });

  it('has nothing loaded from a host that is not listed', async (context) => {
    const vendor = new RawVendor();
    const stage = await Stage.open({ vendor: vendor.start });
    const call = await placeCall(stage, vendor, 'booking');
    call.caller.send(setup(call.callSid, stage.carrier.accountSid));
    const play = { type: 'play', source: `https://elsewhere.example/${canary.name}.wav` };
    for (let round = 0; round < 3; round += 1) call.vendor.send(JSON.stringify(play));
    const { reason } = await call.caller.closed;
    expect(call.caller.texts.join('')).not.toContain('elsewhere');
    expect(reason).toBe('SUBPROCESSOR_NOT_APPROVED');
    await stage.curtain();
    observe(context, { seen: `not sent; ${reason}` });
  });
});
