import { describe, expect, it } from 'vitest';
import { flowsOf, type Flow } from '../../src/server/inventory.ts';
import { postureOf } from '../../src/server/posture.ts';
import { changed, load, sound } from './config/practice.ts';

const midsummer = Date.parse('2026-06-15T12:00:00Z');

async function flows(text: string): Promise<Flow[]> {
  const { config, lines } = await load(text);
  if (config === undefined) throw new Error(lines.join('\n'));
  return flowsOf(postureOf(config, midsummer));
}

/** `from > to: verdict` */
function ways(all: readonly Flow[]): string[] {
  return all.map(({ from, to, verdict }) => `${from} > ${to}: ${verdict}`);
}

const relayed = changed('twilio-media-streams', 'twilio-conversation-relay').replace(
  'human:',
  'conversation_relay: { tts_provider: ElevenLabs, transcription_provider: Deepgram }\n    human:',
);

const carrier = `  - { id: twilio, service: telephone carrier, training: forbidden, sub_processors: [deepgram], covered_by: voice-vendor }
  - { id: deepgram, service: speech recognition, training: forbidden, covered_by: twilio }
routes:`;

describe('the data-flow map', () => {
  it('holds every way that call data goes, and nobody is forgotten', async () => {
    expect(ways(await flows(sound))).toEqual([
      'caller > twilio: not on the list',
      'twilio > chaperone: allowed',
      'chaperone > voice-vendor: allowed',
      'twilio > a person: allowed',
      'chaperone > audit log: allowed',
      "audit log > the platform's own log: allowed",
      'chaperone > metrics and log: allowed',
    ]);
  });

  it('has no carrier where an app of the practice calls', async () => {
    const text = changed(
      'protocol: twilio-media-streams',
      'caller: app\n    apps: [desk]\n    protocol: elevenlabs-speech',
    )
      .replace('    human: { dial: "+15125550100" }\n', '')
      .concat(`apps: [{ name: desk, tokens: [${'x'.repeat(32)}] }]\n`);
    const all = await flows(text);
    expect(ways(all).slice(0, 3)).toEqual([
      'an app of the practice > chaperone: allowed',
      'chaperone > voice-vendor: allowed',
      'chaperone > an app of the practice: allowed',
    ]);
    expect(all[1]?.receives).toBe('text with identifiers removed');
    expect(ways(all).join()).not.toContain('twilio');
  });

  it('names the speech providers behind the carrier', async () => {
    const all = ways(await flows(relayed.replace('routes:', carrier)));
    expect(all).toContain('twilio > elevenlabs: VENDOR_NOT_APPROVED');
    expect(all).toContain('twilio > deepgram: BAA_MISSING');
    expect(all).toContain('chaperone > voice-vendor: SUBPROCESSOR_NOT_APPROVED');
  });

  it('names everybody behind the vendor once, also in a circle', async () => {
    const text = changed('training: forbidden', 'training: forbidden\n    sub_processors: [speech]').replace(
      'routes:',
      '  - { id: speech, service: speech, covered_by: voice-vendor, training: forbidden, sub_processors: [voice-vendor] }\nroutes:',
    );
    const behind = ways(await flows(text)).filter((way) => /speech/u.test(way));
    expect(behind).toEqual(['voice-vendor > speech: allowed', 'speech > voice-vendor: allowed']);
  });

  it('does not claim that a voice has lost its identifiers', async () => {
    const toVendor = (all: readonly Flow[]): Flow | undefined => all.find(({ to }) => to === 'voice-vendor');
    const audio = toVendor(await flows(sound));
    const text = toVendor(await flows(relayed));
    expect(audio?.kinds).toContain('NAME');
    expect(audio?.receives).toContain('cannot be anonymised');
    expect(text?.kinds).toEqual(['TREATMENT', 'CONDITION', 'MEDICATION']);
  });
});
