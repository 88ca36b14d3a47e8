import { randomUUID } from 'node:crypto';
import type { AuditLog } from '../audit/log.ts';
import type { KindClearance } from '../policy/clearance.ts';
import type { Decision } from '../policy/decision.ts';
import { phiKinds, type PhiKind } from '../policy/phi/kinds.ts';
import type { Conversation } from '../policy/phi/stream.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { ToolAnswer, ToolCall } from '../stream/bridge.ts';
import { eventOf, type Call, type EventDetails } from '../stream/call.ts';
import { parseObject, type Json, type JsonObject } from '../stream/json.ts';
import type { RouteSession, ToolWebhook } from './config.ts';
import type { Log } from './logger.ts';
import { answerIn, askWebhook } from './tool-webhook.ts';

/** What the tools of one call need. */
export interface ToolServices {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly log: Log;
  readonly call: Call;
  /** The memory of the call, whose words the arguments repeat. */
  readonly conversation: Conversation;
  /** What the system of the practice may see. */
  readonly clearance: KindClearance;
  readonly session: RouteSession | undefined;
  /** May the receiver have call data today? */
  readonly judge: (webhook: ToolWebhook) => Decision;
  readonly onAnswer: (answer: ToolAnswer) => void;
}

const unknownTool = failure('There is no such tool.');
const unreadable = failure('The arguments are not a JSON object.');
const unavailable = failure('The system of the practice did not answer. Offer to have somebody call back.');

function failure(error: string): string {
  return JSON.stringify({ error });
}

/**
 * Calls of tools on their way to the system of the practice and back. What the agent gives a tool is shown to that system
 * as far as it is cleared, and recorded before it leaves; what comes back goes through the stages of the call like every
 * other text. The agent gets an answer in every case: it would wait in silence otherwise.
 */
export class CallTools {
  readonly #services: ToolServices;
  readonly #ending = new AbortController();

  constructor(services: ToolServices) {
    this.#services = services;
  }

  /** `onAnswer` follows, and never before this returns. */
  ask(request: ToolCall): void {
    void this.#serve(request);
  }

  /** The call is over: nobody waits for an answer any more. */
  end(): void {
    this.#ending.abort();
  }

  /** A rule that fails lets nothing out. */
  async #serve(request: ToolCall): Promise<void> {
    const output = await this.#answerTo(request).catch(() => unavailable);
    if (!this.#ending.signal.aborted) this.#services.onAnswer({ id: request.id, output });
  }

  async #answerTo({ name, input }: ToolCall): Promise<string> {
    const { session } = this.#services;
    const webhook = session?.webhook;
    const tool = session?.tools.find((each) => each.name === name);
    const parameters = parseObject(Buffer.from(input === '' ? '{}' : input));
    if (webhook === undefined || tool === undefined) return unknownTool;
    if (typeof parameters === 'string') return unreadable;
    const decision = this.#services.judge(webhook);
    if (decision.verdict !== 'allow') return this.#refuse(name, decision.reason);
    const shown = new Shown(this.#services.conversation, this.#services.clearance);
    const cleared = shown.object(parameters);
    if (!this.#record({ outcome: 'ok', action: 'E', counts: shown.found, facts: { tool: name } })) return unavailable;
    return this.#ask(webhook, name, cleared);
  }

  async #ask(webhook: ToolWebhook, tool: string, parameters: JsonObject): Promise<string> {
    const { call, log } = this.#services;
    const { ref, route } = call.facts;
    const startedAt = performance.now();
    const body = JSON.stringify({ call: ref, route, tool, arguments: parameters });
    const outcome = await askWebhook(webhook, randomUUID(), body, this.#ending.signal);
    const answer = answerIn(outcome);
    if (answer !== undefined) return answer;
    if (this.#ending.signal.aborted) return unavailable;
    const code = 'status' in outcome ? outcome.status : outcome.subject;
    const milliseconds = Math.round(performance.now() - startedAt);
    log.warn('A tool of the practice did not answer', { call: ref, route, code, milliseconds });
    const reason = 'reason' in outcome ? { reason: outcome.reason } : {};
    this.#record({
      outcome: 'failed',
      facts: { tool, code: String(code) },
      totals: { tookMs: milliseconds },
      ...reason,
    });
    return unavailable;
  }

  #refuse(tool: string, reason: ReasonCode): string {
    this.#record({ outcome: 'refused', reason, facts: { tool } });
    return unavailable;
  }

  #record(details: EventDetails): boolean {
    const { audit, call, session } = this.#services;
    const company = session?.webhook?.subProcessor;
    const actor = company === undefined ? 'party:tools' : `vendor:${company}`;
    return audit.record({ ...eventOf(call, 'access.read', details), actor });
  }
}

/** Arguments as a party may see them: every string, every number and every key is looked at. */
class Shown {
  readonly found: Partial<Record<PhiKind, number>> = {};
  readonly #conversation: Conversation;
  readonly #clearance: KindClearance;

  constructor(conversation: Conversation, clearance: KindClearance) {
    this.#conversation = conversation;
    this.#clearance = clearance;
  }

  object(value: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.#text(key), this.#value(item)]));
  }

  #value(value: Json): Json {
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return this.#number(value);
    return typeof value === 'object' && value !== null ? this.object(value) : value;
  }

  #number(value: number): Json {
    const shown = this.#text(String(value));
    return shown === String(value) ? value : shown;
  }

  #text(text: string): string {
    const { text: shown, found } = this.#conversation.aside(text, this.#clearance);
    for (const kind of phiKinds) {
      const count = found[kind] ?? 0;
      if (count > 0) this.found[kind] = (this.found[kind] ?? 0) + count;
    }
    return shown;
  }
}
