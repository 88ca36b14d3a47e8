/** Every bound of the data plane, with its reason. Times are milliseconds of the monotonic clock. */

/** The bounds that the configuration may set. */
export interface RelayLimits {
  /** Time that the text of one frame may take. 20 ms is one telephony frame: more can be heard. */
  readonly frameBudgetMs: number;
  /** Without any message from the caller's side for so long, a call ends toward a human. */
  readonly idleMs: number;
  /** Longest call. Carriers and vendors end sessions at about the same length. */
  readonly callMs: number;
}

export const defaultLimits: RelayLimits = { frameBudgetMs: 20, idleMs: 30_000, callMs: 3_600_000 };

export const bounds = {
  /** JSON deeper than this is no message of any protocol here, and recursion must end (JSON.stringify fails at 20,000). */
  jsonDepth: 64,
  /** Values in one frame: keeps a walk below 10 ms on a slow core. */
  jsonNodes: 10_000,
  /** From attaching both legs to the `start` or `setup` message. Twilio sends it at once. */
  startMs: 5_000,
  /** A protocol that is silent while nobody speaks (ConversationRelay was seen silent for 214 s) gets this idle limit. */
  quietIdleMs: 600_000,
  /** A paused socket does not notice that its peer is gone: every pause needs an end. */
  pausedMs: 5_000,
  /** Bytes that still arrive for a receiver that is over its high-water mark (ws delivers what it has already read). */
  pausedBytes: 768 * 1024,
  /** How long nothing may go out while the audit log catches up; longer silence is worse than a human. */
  holdMs: 2_000,
  /** Age of the oldest event not yet durable from which on nothing goes out. */
  auditLagMs: 500,
  /** Frames and bytes that wait for the start of the stream or for the end of a hold: 2 s at 50 frames a second. */
  waitingFrames: 128,
  waitingBytes: 256 * 1024,
  /** Held text of a delta stream leaves masked after this time: a listener takes a longer pause for the end of a turn. */
  heldMs: 1_500,
  /** A pause that ends an utterance where the protocol marks no end: longer than anybody stops inside a name or number. */
  silenceMs: 5_000,
  /** A pause in which words that need a human are not taken back by the next ones: then they were meant. */
  decideMs: 1_000,
  /** Utterances open at once in one call: two speakers, some overlap, copies in several fields. The oldest is dropped. */
  openUtterances: 32,
  /** Finished texts remembered, so that a copy or a history is redacted as the first time. */
  finishedTexts: 256,
  /** Characters of a text that is worth remembering. */
  finishedTextLength: 4_096,
  /** Labels that a vendor chose and that come back to it. */
  echoes: 256,
  /** Blocked frames in a row, of one way, after which a human takes the call. */
  blockedInARow: 3,
  /** Faults of the redactor in one call after which a human takes it. */
  redactionFaults: 2,
  /** Blocked frames of one call that get an event of their own; later ones are only counted. */
  blockedEvents: 20,
  /** From the message that ends the session to the close of the sockets. Twilio closes within 90 ms. */
  lingerMs: 5_000,
  /** From the start of a bridged call until the vendor has taken the session; meanwhile the caller waits in silence. */
  sessionMs: 8_000,
  /** The caller's first words while the session is made: 4 s at 50 frames a second, the oldest go first. */
  earlyFrames: 200,
  /** Audio between two marks: a mark costs a message each way, and the clock fills the gaps to within a few milliseconds. */
  markEveryMs: 200,
  /** Marks on their way: 51 s of audio given ahead. */
  marks: 256,
  /** Things said by the agent, one after the other, that wait to be heard. */
  unheardItems: 16,
  /** Keypad digits that make one whole: a card number has 19. */
  keypadDigits: 32,
  /** A pause after which typed digits are a whole. */
  keypadMs: 2_000,
  /** A vendor that ends a silent session is told after so long that it goes on; Deepgram waits ten seconds. */
  keepAliveMs: 5_000,
  /** Different models, providers, hosts that one call may name behind its vendor. */
  namedParties: 256,
  /** Calls of tools that wait for an answer at once. */
  openTools: 16,
  /** An agent ends a call after its goodbye; a goodbye that comes after its decision gets this long to begin. */
  goodbyeMs: 1_000,
  /** A goodbye that is not over by then is cut off. */
  longestGoodbyeMs: 20_000,
  /** So long before its session runs out the agent says that a human takes over. */
  expiryMs: 30_000,
  /** From asking it to say so until its words have begun. */
  partingMs: 4_000,
  /** From a question to a text model until its answer begins: a caller takes longer silence for a dead line. */
  answerMs: 8_000,
  /** Between two pieces of one answer. */
  answerPauseMs: 5_000,
  /** Characters of one answer, or of what it gives a tool: ten minutes of speech. */
  answerText: 9_000,
  /** Requests to a text model since somebody spoke: one that calls tools for ever is no help. */
  toolRounds: 8,
  /** What a text model is told again with every request: characters, and contributions of either side. */
  talkText: 48_000,
  talkEntries: 200,
  /** Time that a character takes to be spoken, where nobody tells when speech has ended: 15 a second. */
  characterMs: 67,
} as const;
