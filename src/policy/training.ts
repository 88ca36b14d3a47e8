/**
 * What must stand on the wire so that no call is kept longer than it lasts or trains a model. An agreement promises it;
 * these fields make the vendor's own switches agree with the promise, also when the app behind chaperone forgets them or a
 * later message undoes them. What no wire carries is listed under `account`: the practice has to see to it.
 */
export interface RetentionDemands {
  readonly fields: readonly FieldDemand[];
  readonly query: readonly QueryDemand[];
  /** What the vendor itself says of keeping. No message can change it there: where it says otherwise, a human takes the call. */
  readonly told?: readonly ToldDemand[];
  /** Fields whose mere presence lets the vendor keep the call: judged as names, so allowed only where somebody approved them. */
  readonly absent?: readonly string[];
  /** Settings of the vendor's account or REST interface, one sentence each. */
  readonly account: readonly string[];
}

export interface FieldDemand {
  /** Type of the message toward the vendor, as the protocol's table names it. */
  readonly message: string;
  /** Plain path inside it. */
  readonly at: string;
  readonly must: string | boolean | null;
  /** `always`: also where the message says nothing. `present`: only where the field stands. */
  readonly when: 'always' | 'present';
}

export interface ToldDemand {
  /** Type of the message from the vendor; undefined: any. */
  readonly message?: string;
  readonly at: string;
  /** A field that is missing or `null` says nothing. */
  readonly must: string | boolean | null;
}

export interface QueryDemand {
  readonly name: string;
  readonly must: string;
}

const none: RetentionDemands = { fields: [], query: [], account: [] };

const deepgramAccount = ['Third-party providers behind a Deepgram agent keep what their own agreements let them keep.'];

/** Bound beside the socket, with a key or a stored prompt; it cannot be taken back once it is on. */
const traced = ['session.created', 'session.updated', 'transcription_session.updated'].map((message): ToldDemand => ({
  message,
  at: 'session.tracing',
  must: null,
}));

/** Every message may bear the assistant that is at work, at its top or in an envelope. */
const vapiAssistants = ['assistant', 'assistantOverrides', 'call.assistant', 'call.assistantOverrides'].flatMap(
  (place) => [place, `message.${place}`],
);

const cartesiaAccount = ['Zero Data Retention opted into (Enterprise); no field of the wire says it.'];

export const retentionDemands: Readonly<Record<string, RetentionDemands>> = {
  'openai-realtime': {
    fields: [
      { message: 'session.update', at: 'session.tracing', must: null, when: 'present' },
      { message: 'transcription_session.update', at: 'session.tracing', must: null, when: 'present' },
      { message: 'response.create', at: 'response.store', must: false, when: 'present' },
      { message: 'response.create', at: 'response.tracing', must: null, when: 'present' },
    ],
    query: [],
    told: traced,
    account: [
      'Business Associate and Healthcare Addendum signed, Zero Data Retention or Modified Abuse Monitoring approved.',
    ],
  },
  'openai-chat': {
    fields: [{ message: 'request', at: 'store', must: false, when: 'always' }],
    query: [],
    account: [
      'Of OpenAI: Zero Data Retention or Modified Abuse Monitoring approved; of another vendor: the same in writing.',
    ],
  },
  'openai-live': {
    fields: [
      { message: 'session.start', at: 'session.store', must: false, when: 'always' },
      { message: 'session.update', at: 'session.store', must: false, when: 'present' },
    ],
    query: [],
    told: [
      { message: 'session.started', at: 'session.store', must: false },
      { message: 'session.updated', at: 'session.store', must: false },
    ],
    account: ['Zero Data Retention for /v1/live is not confirmed by any source: ask before use.'],
  },
  'deepgram-listen': { fields: [], query: [{ name: 'mip_opt_out', must: 'true' }], account: [] },
  'deepgram-flux': { fields: [], query: [{ name: 'mip_opt_out', must: 'true' }], account: [] },
  'deepgram-speak': { fields: [], query: [{ name: 'mip_opt_out', must: 'true' }], account: [] },
  'deepgram-agent': {
    fields: [{ message: 'Settings', at: 'mip_opt_out', must: true, when: 'always' }],
    query: [],
    account: deepgramAccount,
  },
  'elevenlabs-agents': {
    ...none,
    account: [
      'Zero Retention Mode on (Enterprise); the agreement holds only while it is.',
      'platform_settings.privacy of the agent: record_voice off, retention_days 0.',
    ],
  },
  'elevenlabs-speech': { fields: [], query: [{ name: 'enable_logging', must: 'false' }], account: [] },
  'elevenlabs-scribe': {
    fields: [],
    query: [{ name: 'enable_logging', must: 'false' }],
    told: [{ message: 'session_started', at: 'config.enable_logging', must: false }],
    account: [],
  },
  'gemini-live': {
    fields: [],
    query: [],
    absent: ['setup.sessionResumption', 'config.sessionResumption'],
    account: [
      'Vertex AI under the Google Cloud agreement; the Gemini API host is another product.',
      'Search and maps grounding keeps prompts for 30 days and cannot be switched off: leave it out of the setup.',
    ],
  },
  'assemblyai-streaming': {
    fields: [],
    query: [{ name: '_customer_support_audio_capture', must: 'false' }],
    account: [
      'Data Controls of the dashboard: agreement signed, model improvement opted out; then streaming keeps nothing.',
    ],
  },
  'assemblyai-agent': {
    ...none,
    account: ['Data Controls of the dashboard: as for streaming; what an agent keeps is not confirmed.'],
  },
  'cartesia-speech': { ...none, account: cartesiaAccount },
  'cartesia-transcribe': { ...none, account: cartesiaAccount },
  'retell-llm': {
    ...none,
    account: ['data_storage_setting basic_attributes_only, data_storage_retention_days set, opt_in_signed_url on.'],
  },
  'vapi-transport': {
    ...none,
    told: vapiAssistants.map((place) => ({ at: `${place}.compliancePlan.hipaaEnabled`, must: true })),
    account: ['compliancePlan.hipaaEnabled on, no output with forceStoreOnHipaaEnabled, monitorPlan off.'],
  },
};

export function demandsOf(protocol: string): RetentionDemands {
  return retentionDemands[protocol] ?? none;
}

/** What is made to stand, and what a call does not survive, in words for a person: each field once. */
export function enforcedInMessages({ fields, told = [], absent = [] }: RetentionDemands): readonly string[] {
  const lines = [
    ...fields.map(({ at, must }) => `${at} ${JSON.stringify(must)}`),
    ...absent.map((at) => `${at} absent`),
    ...told.map(({ at, must }) => `${at} ${JSON.stringify(must)} as the vendor says it`),
  ];
  return [...new Set(lines)];
}
