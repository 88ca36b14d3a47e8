import { expect, it } from 'vitest';
import { describePosture } from '../../src/server/posture-text.ts';
import { postureOf } from '../../src/server/posture.ts';
import { environment, load, sound } from './config/practice.ts';

const variables = {
  ...environment,
  SECRET: 'planted-secret-0123456789abcdef0123456789abcdef',
  DESK: 'planted-desk-token-0123456789abcdef',
  DOOR: 'planted-door-token-0123456789abcdef',
};
const readers = `taps:
  - id: records
    kind: webhook
    url: https://records.example.com:8443/in?key=planted-key
    secret: "\${SECRET}"
    clearances: { TREATMENT: pass, NAME: token }
    sub_processor: voice-vendor
operators:
  - { id: desk, token: "\${DESK}", may: [taps], purpose: TREAT }
  - { id: door, token: "\${DOOR}" }
`;

it('check says who reads transcripts, for what, and what they see; it shows no secret', async () => {
  const { config, lines } = await load(`${sound}${readers}`, variables);
  expect(lines).toEqual([]);
  if (config === undefined) throw new Error('No configuration');
  const posture = postureOf(config, Date.parse('2026-06-01T12:00:00Z'));
  expect(posture.readers.map(({ id }) => id)).toEqual(['records', 'desk']);
  const text = describePosture(posture, process.stderr);
  expect(text).toContain(
    'webhook at records.example.com:8443, for HOPERAT, under the agreement of voice-vendor; sees TREATMENT',
  );
  expect(text).toContain('operator on the admin listener, for TREAT; sees no kind in words');
  expect(`${text}${JSON.stringify(posture)}`).not.toContain('planted');
});
