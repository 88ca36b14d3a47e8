/** Every bound at the door of the process, with its reason. Those of a call in progress stand in `stream/limits.ts`. */
export const doorBounds = {
  /** The first line and the headers must be there in this time. Node's own default is a minute. */
  requestMs: 10_000,
  /** How often the time of connections is looked at. */
  checkMs: 1_000,
  /** A TLS handshake must be done in this time. Node's own default is two minutes. */
  handshakeMs: 10_000,
  /** All headers of a request, bytes: Node's own default, written down. Twilio sends about two kilobytes. */
  headerBytes: 16 * 1024,
  /** A form from Twilio is a few kilobytes. */
  formBytes: 64 * 1024,
  /**
   * Connections of one address that have opened no stream yet. A carrier's address brings a few at once; whoever holds
   * more open is waiting for something else. A proxy in front counts as all that it brings.
   */
  pendingPerAddress: 128,
  /** The same from everywhere: each costs some 20 KB with TLS, and calls in progress need the file descriptors. */
  pending: 2_048,
  /** So many may wait however few file descriptors there are. */
  leastPending: 32,
  /** File descriptors that are kept for the process itself, its log and its webhooks. */
  reservedFiles: 64,
  /** File descriptors of a call: its caller, its vendor. */
  filesPerCall: 2,
  /**
   * Pings and pongs of one peer in a second. Each ping is answered: a peer that reads no answers would fill memory.
   * RFC 6455 section 5.5.2 has one side ask now and then.
   */
  controlFrames: 50,
} as const;

/** How long the HTTP server of a listener waits, and for how much. */
export const patience = {
  requestTimeout: doorBounds.requestMs,
  headersTimeout: doorBounds.requestMs,
  connectionsCheckingInterval: doorBounds.checkMs,
  maxHeaderSize: doorBounds.headerBytes,
};
