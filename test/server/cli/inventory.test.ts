import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changed, environment, Practice } from '../config/practice.ts';
import { runVerb, type VerbResult } from './verb.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await Practice.make(
    changed('service: realtime voice agent', 'service: x\n    regions: ["=1+1, \\"us\\""]'),
  );
});
afterEach(() => practice.remove());

function inventory(...words: readonly string[]): Promise<VerbResult> {
  return runVerb(['inventory', '--config', practice.file, ...words], environment);
}

describe('chaperone inventory', () => {
  it('prints each way that call data goes', async () => {
    const { code, out } = await inventory();
    expect(code).toBe(0);
    expect(out).toContain('chaperone -> voice-vendor  (route front-desk)');
    expect(out).toContain('agreement    in force, until 2036-01-04');
    expect(out).not.toContain('planted');
  });

  it('gives CSV that a spreadsheet reads as text', async () => {
    const { out } = await inventory('--csv');
    const [head, ...rows] = out.trimEnd().split('\r\n');
    expect(head).toBe('route,from,to,receives,kinds,transport,regions,agreement,training,keeps,verdict');
    expect(rows).toHaveLength(7);
    expect(out).toContain('," =1+1, ""us""",');
  });

  it('gives the same as JSON', async () => {
    const { out } = await inventory('--json');
    expect(JSON.parse(out)).toMatchObject({
      flows: [{ from: 'caller', to: 'twilio' }, {}, { to: 'voice-vendor' }, {}, {}, { from: 'audit log' }, {}],
    });
  });

  it('exits 78 on faults', async () => {
    await practice.write('chaperone.yaml', 'version: 1\n');
    expect(await inventory()).toMatchObject({ code: 78, out: '' });
  });
});
