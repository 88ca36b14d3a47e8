import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Chain } from '../../src/audit/chain.ts';
import { signCheckpoint, type Signer } from '../../src/audit/checkpoint.ts';
import { encodeEvent } from '../../src/audit/encode.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { AuditFault } from '../../src/audit/log.ts';
import { segmentOpenEvent, segmentSealEvent } from '../../src/audit/segment.ts';
import type { SealedRecord, Sink } from '../../src/audit/sink.ts';
import type { VerifyReport } from '../../src/audit/verdict.ts';

/** A place for the records of one log. */
export interface SinkPlace {
  readonly signer: Signer;
  /** Takes the place for one writer. Rejects with `AUDIT_LOCKED` while another has it. */
  take(): Promise<TakenSink>;
  /** The same; the next append is stored, or is not, and in both cases not acknowledged. */
  takeFailing(how: 'after' | 'before'): Promise<TakenSink>;
  verify(): Promise<VerifyReport>;
  remove(): Promise<void>;
}

export interface TakenSink {
  readonly sink: Sink;
  release(): Promise<void>;
}

/** Segments of a place are closed at this many bytes. */
export const segmentBytes = 4000;
const start = Date.UTC(2026, 10, 3, 9);

/** A writer over a sink, as small as the chain allows. */
class Pen {
  readonly sink: Sink;
  readonly #chain: Chain;
  readonly #key = randomBytes(32);
  #time = start;

  constructor(sink: Sink) {
    this.sink = sink;
    this.#chain = new Chain(sink.tail, 'f'.repeat(16));
  }

  get frontier(): Chain['frontier'] {
    return this.#chain.frontier;
  }

  record(event: AuditEvent): SealedRecord {
    this.#time += 1;
    const sealing = { reference: undefined, key: this.#key, nonce: () => randomBytes(12) };
    return this.#chain.add(encodeEvent(event, 'glow', this.#time, 0), sealing, this.frontier.size);
  }

  async begin(fileBefore = ''): Promise<void> {
    const genesis: AuditEvent = { kind: 'log.genesis', actor: 'system', outcome: 'ok' };
    const event = this.frontier.size === 0 ? genesis : segmentOpenEvent(this.frontier, fileBefore);
    await this.sink.open(this.record(event), start);
  }

  async write(count: number): Promise<void> {
    const records = Array.from({ length: count }, () => this.record(someEvent));
    await this.sink.append(records);
  }

  async seal(): Promise<string> {
    const facts = this.sink.due(start + 86_400_000);
    if (facts === undefined) throw new Error('A segment is due a day later');
    return this.sink.seal(this.record(segmentSealEvent(this.frontier, facts)));
  }

  sign(signer: Signer): Promise<void> {
    const { size } = this.frontier;
    return this.sink.publish(signCheckpoint({ origin: signer.name, size, root: this.frontier.root() }, signer));
  }
}

const someEvent: AuditEvent = {
  kind: 'phi.redacted',
  call: 'a call',
  actor: 'vendor:demo',
  outcome: 'ok',
  counts: { PHONE: 1 },
  facts: { route: 'front-desk' },
};

/** What every sink must do, whatever it stores on. */
export function describeSink(name: string, make: () => Promise<SinkPlace>): void {
  describe(`the ${name} sink`, () => {
    let place: SinkPlace;
    let taken: TakenSink | undefined;

    beforeEach(async () => {
      place = await make();
    });
    afterEach(async () => {
      await taken?.release();
      taken = undefined;
      await place.remove();
    });

    /** What the next process finds. */
    const reopen = async (): Promise<Pen> => {
      await taken?.release();
      taken = await place.take();
      return new Pen(taken.sink);
    };

    test('is empty at first, and opens its first segment', async () => {
      const pen = await reopen();
      expect(pen.sink.tail).toMatchObject({ sealed: true, signed: 0, time: 0, openCalls: [], torn: undefined });
      expect(pen.frontier.size).toBe(0);
      await pen.begin();
      expect((await reopen()).sink.tail).toMatchObject({ sealed: false });
    });

    test('holds after a new start what was appended, to the last hash', async () => {
      const pen = await reopen();
      await pen.begin();
      await pen.sink.append([pen.record({ kind: 'call.admit', call: 'open', actor: 'system', outcome: 'ok' })]);
      await pen.write(5);
      const { tail } = (await reopen()).sink;
      expect(tail.frontier.size).toBe(7);
      expect(tail.frontier.root()).toEqual(pen.frontier.root());
      expect(tail.openCalls).toEqual(['open']);
      expect(tail.time).toBeGreaterThan(start);
      await new Pen(taken?.sink ?? pen.sink).write(1);
    });

    test('is due by size and by day, and says what its segment holds', async () => {
      const pen = await reopen();
      await pen.begin();
      expect(pen.sink.due(start)).toBeUndefined();
      expect(pen.sink.due(start + 86_400_000)).toMatchObject({ first: 0, records: 1 });
      while (pen.sink.due(start) === undefined) await pen.write(3);
      expect(pen.sink.due(start)).toMatchObject({ first: 0, records: pen.frontier.size });
    });

    test('closes a segment with the hash that the next one carries', async () => {
      const pen = await reopen();
      await pen.begin();
      await pen.write(4);
      const digest = await pen.seal();
      await expect(pen.write(1)).rejects.toMatchObject({ code: 'AUDIT_CLOSED' });
      const next = await reopen();
      expect(next.sink.tail).toMatchObject({ sealed: true, fileBefore: digest });
      await next.begin(digest);
      await next.write(2);
      await next.sign(place.signer);
      expect(await place.verify()).toMatchObject({ verdict: 'ok', segments: 2, records: 9, signed: 9 });
    });

    test('keeps every checkpoint', async () => {
      const pen = await reopen();
      await pen.begin();
      await pen.sign(place.signer);
      await pen.write(3);
      await pen.sign(place.signer);
      await pen.write(2);
      expect((await reopen()).sink.tail.signed).toBe(4);
      expect(await place.verify()).toMatchObject({ verdict: 'ok', checkpoints: 2, signed: 4, records: 6 });
    });

    test('has one writer, and is free when that is gone', async () => {
      const pen = await reopen();
      await pen.begin();
      await expect(place.take()).rejects.toMatchObject({ code: 'AUDIT_LOCKED', exitCode: 75 });
      await pen.write(2);
      expect((await reopen()).frontier.size).toBe(3);
    });

    test.each(['after', 'before'] as const)(
      'an append that fails %s it was stored is all there or not at all',
      async (how) => {
        const pen = await reopen();
        await pen.begin();
        await pen.write(2);
        await taken?.release();
        taken = await place.takeFailing(how);
        const failing = new Pen(taken.sink);
        await expect(failing.write(4)).rejects.toBeInstanceOf(Error);
        const after = await reopen();
        expect([3, 7]).toContain(after.frontier.size);
        await after.write(1);
        await after.sign(place.signer);
        expect(await place.verify()).toMatchObject({ verdict: 'ok' });
      },
    );

    test('a record that does not follow is refused, or found', async () => {
      const pen = await reopen();
      await pen.begin();
      await pen.write(2);
      pen.record(someEvent);
      const refused = await pen.write(1).then(
        () => false,
        (fault: unknown) => fault instanceof AuditFault,
      );
      await taken?.release();
      taken = undefined;
      if (refused) expect((await reopen()).frontier.size).toBe(3);
      else expect(await place.verify()).toMatchObject({ verdict: 'tampered', record: 3 });
    });
  });
}
