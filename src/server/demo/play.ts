import { showLog } from '../../audit/show.ts';
import { verifyLog } from '../../audit/verify.ts';
import { phiKinds } from '../../policy/phi/kinds.ts';
import { ask, callSidOf, carrierOf, open, openStream, type Carrier } from './carrier.ts';
import { converse, speak, type AudioResult, type SpokenTurn } from './streams.ts';
import { canary } from './booking.ts';
import { startChild, type Child } from './children.ts';
import { readMessage, readSessions, type VendorSession } from './messages.ts';
import type { Scene } from './scene.ts';
import { speechMulaw } from './speech.ts';
import { searchFolder, searchText, type Leak } from './sweep.ts';

/** What the demo tells while it goes on. Each method is called with finished facts. */
export interface Audience {
  step(sentence: string): void;
  progress(done: number, of: number): void;
}

/** The outcome; the first nine fields are the line that `--json` prints. */
export interface DemoResult {
  readonly calls: number;
  readonly framesRelayed: number;
  readonly framesLost: number;
  readonly removed: Readonly<Record<string, number>>;
  readonly canaryLeaks: number;
  readonly refused: readonly string[];
  readonly auditEvents: number;
  readonly auditVerified: boolean;
  readonly addedLatencyMs: { readonly p50: number; readonly p99: number };
  readonly details: DemoDetails;
}

interface DemoDetails {
  readonly turns: readonly SpokenTurn[];
  /** The final prompts as the vendor received them, in the order of the turns. */
  readonly received: readonly string[];
  readonly leaks: readonly Leak[];
  readonly refusedTwiml: readonly string[];
  readonly auditSentence: string;
  /** The records in order, each as its kind and, where there is one, its reason. */
  readonly auditRecords: readonly string[];
}

/** Plays the whole scene: two calls with audio at once (one straight to the vendor, for comparison), a booking, two refusals. */
export async function play(scene: Scene, audience: Audience): Promise<DemoResult> {
  audience.step('Starting a demo voice vendor and chaperone, each with a certificate made for this run');
  const children: Child[] = [];
  const start = async (parameters: readonly string[], readyWhen: string): Promise<Child> => {
    const child = await startChild(parameters, readyWhen);
    children.push(child);
    return child;
  };
  try {
    await start(['demo', 'vendor', '--port', String(scene.vendorPort), '--folder', scene.directory], 'listening');
    const proxy = await start(['serve', '--config', scene.config], 'Listening for metrics');
    const played = await placeCalls(scene, audience);
    const metrics = await fetchText(`http://127.0.0.1:${scene.adminPort}/metrics`);
    const received = await fetchText(`https://localhost:${scene.vendorPort}/sessions`, scene.authority);
    audience.step('Stopping chaperone and reading its audit log again from the disk');
    await proxy.stop();
    return await evaluate(scene, played, metrics, readSessions(received), proxy);
  } finally {
    await Promise.all(children.map((child) => child.stop('SIGKILL')));
  }
}

interface Played {
  readonly direct: AudioResult;
  readonly relayed: AudioResult;
  readonly turns: readonly SpokenTurn[];
  readonly refusedTwiml: readonly string[];
}

async function placeCalls(scene: Scene, audience: Audience): Promise<Played> {
  const carrier = carrierOf(scene);
  const speech = speechMulaw();
  audience.step('Media Streams: a recorded caller speaks through chaperone, and once more straight to the vendor');
  const stream = await openAnswered(carrier, 'front-desk', callSidOf(1));
  const straight = await open(`wss://localhost:${scene.vendorPort}/straight`, scene.authority);
  const [relayed, direct] = await Promise.all([
    speak(stream, callSidOf(1), carrier.accountSid, speech, (sent) => audience.progress(sent, speech.length / 160)),
    speak(straight, callSidOf(2), carrier.accountSid, speech, () => undefined),
  ]);
  audience.step('ConversationRelay: a caller books at a med spa, in twelve turns');
  const booking = await openAnswered(carrier, 'booking', callSidOf(3));
  const turns = await converse(booking, callSidOf(3), carrier.accountSid, () => undefined);
  audience.step('Two calls that must not reach their vendor: an expired agreement, a vendor that is not on the list');
  const lapsed = await ask(carrier, 'lapsed', callSidOf(4));
  const unlisted = await ask(carrier, 'unlisted', callSidOf(5));
  return { direct, relayed, turns, refusedTwiml: [lapsed.twiml, unlisted.twiml] };
}

async function openAnswered(carrier: Carrier, route: string, callSid: string) {
  const answer = await ask(carrier, route, callSid);
  if (answer.streamUrl === undefined) throw new Error(`Route ${route} answered ${answer.status} without a stream`);
  return openStream(carrier, answer.streamUrl);
}

async function evaluate(
  scene: Scene,
  played: Played,
  metrics: string,
  sessions: readonly VendorSession[],
  proxy: Child,
): Promise<DemoResult> {
  const verdict = await verifyLog(scene.auditDirectory);
  const records = await showLog(scene.auditDirectory);
  const throughProxy = sessions.filter(({ path }) => path !== '/straight');
  const texts = throughProxy.flatMap(({ texts: received }) => received);
  const leaks = [
    ...searchText('what the vendor received', texts.join('\n'), canary.words),
    ...searchText('the log lines of chaperone', proxy.output(), canary.words),
    ...searchText('the metrics', metrics, canary.words),
    ...(await searchFolder(scene.auditDirectory, canary.words)),
    ...(await searchFolder(`${scene.directory}/keys`, canary.words)),
  ];
  const { sent, returned, altered } = played.relayed;
  return {
    calls: throughProxy.length,
    framesRelayed: sumOf(metrics, 'chaperone_frames_total'),
    framesLost: sent - returned + altered,
    removed: Object.fromEntries(
      phiKinds
        .map((kind) => [kind, valueOf(metrics, `chaperone_identifiers_removed_total{kind="${kind}"}`)] as const)
        .filter(([, count]) => count > 0),
    ),
    canaryLeaks: leaks.length,
    refused: [...metrics.matchAll(/^chaperone_calls_refused_total\{reason="(\w+)"\} [1-9]/gmu)].map(
      ([, reason]) => reason ?? '',
    ),
    auditEvents: verdict.records,
    auditVerified: verdict.exitCode === 0,
    addedLatencyMs: added(played),
    details: {
      turns: played.turns,
      received: texts.map(finalPromptOf).filter((text) => text !== undefined),
      leaks,
      refusedTwiml: played.refusedTwiml,
      auditSentence: verdict.sentence,
      auditRecords: records.map(({ members: { k, rc } }) =>
        typeof rc === 'string' ? `${String(k)} ${rc}` : String(k),
      ),
    },
  };
}

function finalPromptOf(text: string): string | undefined {
  const message = readMessage(text);
  return message.type === 'prompt' && message.last === true ? message.voicePrompt : undefined;
}

/** One way through chaperone less one way without: half of the difference of the round trips of the same minute. */
function added({ relayed, direct }: Played): { p50: number; p99: number } {
  const oneWay = (share: number): number =>
    (quantile(relayed.roundTrips, share) - quantile(direct.roundTrips, share)) / 2;
  return { p50: round(oneWay(0.5)), p99: round(oneWay(0.99)) };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((first, second) => first - second);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function valueOf(metrics: string, series: string): number {
  const line = metrics.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

function sumOf(metrics: string, name: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

async function fetchText(url: string, ca?: string): Promise<string> {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(url, ca === undefined ? {} : { ca }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    });
    asked.once('error', reject);
    asked.end();
  });
}
