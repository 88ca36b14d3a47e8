import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changed, environment, Practice } from '../config/practice.ts';
import { runVerb } from './verb.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await Practice.make();
});
afterEach(() => practice.remove());

describe('chaperone intake', () => {
  it('points at the words of a script that invite too much, and exits 1', async () => {
    await practice.write('prompt.txt', 'You book appointments.\nAsk for the reason for their visit.\n');
    const { code, out } = await runVerb(['intake', join(practice.folder, 'prompt.txt')]);
    expect(code).toBe(1);
    expect(out).toContain('prompt.txt:2:13  avoid CONDITION "reason for their visit"');
    expect(out).toContain('1 text read: 1 to avoid, 0 to limit');
  });

  it('reads what the configuration makes chaperone say', async () => {
    const notice = 'notice: Please tell us your full name.';
    await practice.write('chaperone.yaml', changed('human:', `${notice}\n    human:`));
    const { code, out } = await runVerb(['intake', '--json', '--config', practice.file], environment);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ script: 'route front-desk, notice', kind: 'NAME', advice: 'limit', words: 'full name' }],
    });
  });

  it('says what it could not read', async () => {
    expect(await runVerb(['intake', '/nowhere/prompt.txt'])).toMatchObject({ code: 66, out: '' });
    await practice.write('chaperone.yaml', 'version: 1\n');
    expect(await runVerb(['intake', '--config', practice.file])).toMatchObject({ code: 78, out: '' });
  });
});
