/**
 * What must stand on the wire so that no call is kept longer than it lasts or trains a model. An agreement promises it;
 * these fields make the vendor's own switches agree with the promise, also when the app behind chaperone forgets them or a
 * later message undoes them. What no wire carries is listed under `account`: the practice has to see to it.
 */
export interface RetentionDemands {
  readonly fields: readonly FieldDemand[];
  readonly query: readonly QueryDemand[];
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

export interface QueryDemand {
  readonly name: string;
  readonly must: string;
}

const none: RetentionDemands = { fields: [], query: [], account: [] };

const deepgramAccount = ['Third-party providers behind a Deepgram agent keep what their own agreements let them keep.'];

const cartesiaAccount = ['Zero Data Retention opted into (Enterprise); no field of the wire says it.'];

export const retentionDemands: Readonly<Record<string, RetentionDemands>> = {
  'openai-realtime': {
    fields: [
      { message: 'session.update', at: 'session.tracing', must: null, when: 'present' },
      { message: 'transcription_session.update', at: 'session.tracing', must: null, when: 'present' },
      { message: 'response.create', at: 'response.store', must: false, when: 'present' },
    ],
    query: [],
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
  'elevenlabs-scribe': { fields: [], query: [{ name: 'enable_logging', must: 'false' }], account: [] },
  'gemini-live': {
    fields: [],
    query: [],
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
    account: ['compliancePlan.hipaaEnabled on, no output with forceStoreOnHipaaEnabled, monitorPlan off.'],
  },
};

export function demandsOf(protocol: string): RetentionDemands {
  return retentionDemands[protocol] ?? none;
}
