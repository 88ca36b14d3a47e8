/**
 * Every way in which chaperone says no, in one table. A code is stable: it stands in audit events, metrics, close
 * reasons and the README. A retired code is never used again for something else.
 *
 * `close` is the WebSocket close code (RFC 6455 section 7.4; 4000-4999 are private use), `http` the status when the
 * refusal happens before the upgrade. `sentence` is for people and never holds a value from a call.
 */
export interface Reason {
  readonly close: number;
  readonly http: number;
  readonly sentence: string;
}

export const reasons = {
  // The gate: who is calling.
  ROUTE_UNKNOWN: { close: 1008, http: 404, sentence: 'No route of the configuration has this path' },
  SIGNATURE_MISSING: { close: 1008, http: 403, sentence: 'The request carries no X-Twilio-Signature' },
  SIGNATURE_INVALID: {
    close: 1008,
    http: 403,
    sentence: 'X-Twilio-Signature does not match the public URL and the auth token',
  },
  TOKEN_INVALID: { close: 1008, http: 403, sentence: 'The call token was not made by this deployment for this route' },
  TOKEN_EXPIRED: { close: 1008, http: 403, sentence: 'The call token is older than its lifetime' },
  TOKEN_REPLAYED: { close: 1008, http: 403, sentence: 'The call token was used before' },
  ORIGIN_REFUSED: { close: 1008, http: 403, sentence: 'A browser opened the stream; no route expects one' },
  APP_UNKNOWN: { close: 1008, http: 401, sentence: 'The request carries no token and no certificate of an app' },
  APP_NOT_ALLOWED: { close: 1008, http: 403, sentence: 'The app may not use this route' },
  APP_ADDRESS_REFUSED: { close: 1008, http: 403, sentence: 'The app comes from an address that is not listed for it' },
  CALL_HANDED_OVER: {
    close: 1008,
    http: 409,
    sentence: 'A human has been given this call; the AI does not take it a second time',
  },
  CALLER_MISSING: {
    close: 1008,
    http: 400,
    sentence: 'The app does not say whose session it is, and the route requires it',
  },
  CALLER_MALFORMED: { close: 1008, http: 400, sentence: 'What the app says of the caller is no E.164 number' },
  PARAMETER_UNKNOWN: { close: 1008, http: 400, sentence: 'The URL has a parameter that the protocol does not know' },
  REQUEST_NOT_PROXIED: {
    close: 1008,
    http: 403,
    sentence: "Requests to the vendor beside the socket are not passed on: open it with the app's own token",
  },
  PLAINTEXT_REFUSED: {
    close: 1008,
    http: 426,
    sentence: 'The connection is not TLS and does not come from the named TLS-ending proxy',
  },
  CALL_LIMIT: { close: 1013, http: 503, sentence: 'The number of simultaneous calls has reached its limit' },
  OVERLOADED: {
    close: 1013,
    http: 503,
    sentence: 'This process is too busy for one more call without harm to those in progress',
  },
  DRAINING: { close: 1001, http: 503, sentence: 'This process is shutting down and takes no new calls' },

  // The approved list: who may be called.
  VENDOR_NOT_APPROVED: { close: 1008, http: 403, sentence: 'The vendor is not on the approved list' },
  VENDOR_SUSPENDED: { close: 1008, http: 403, sentence: 'The vendor is suspended by the policy' },
  VENDOR_HOST_NOT_LISTED: {
    close: 1008,
    http: 403,
    sentence: 'The host of the URL is not among the hosts approved for this vendor',
  },
  VENDOR_PLAINTEXT: {
    close: 1008,
    http: 403,
    sentence: 'The vendor URL is not wss:// or https:// and not an allowed loopback address',
  },
  BAA_MISSING: { close: 1008, http: 403, sentence: 'No business associate agreement is recorded for the vendor' },
  BAA_NOT_EFFECTIVE: { close: 1008, http: 403, sentence: 'The business associate agreement is not yet in effect' },
  BAA_EXPIRED: { close: 1008, http: 403, sentence: 'The business associate agreement has expired' },
  BAA_INCOMPLETE: {
    close: 1008,
    http: 403,
    sentence: 'The business associate agreement lacks points that 45 CFR 164.504(e) demands',
  },
  BAA_DOCUMENT_CHANGED: {
    close: 1008,
    http: 403,
    sentence: 'The agreement document does not have the SHA-256 that was recorded',
  },
  BAA_OUT_OF_SCOPE: { close: 1008, http: 403, sentence: 'The service, model or region is outside the agreement' },
  SUBPROCESSOR_NOT_APPROVED: { close: 1008, http: 403, sentence: 'A sub-processor behind the vendor is not approved' },
  TRAINING_NOT_FORBIDDEN: {
    close: 1008,
    http: 403,
    sentence: 'The record does not say that training on calls is forbidden',
  },
  RETENTION_NOT_OFF: { close: 1008, http: 403, sentence: 'The vendor itself says that it keeps the call' },

  // The dial: is it really the vendor.
  VENDOR_REDIRECT: {
    close: 1014,
    http: 502,
    sentence: 'The vendor answered with a redirect; redirects are never followed',
  },
  VENDOR_CERTIFICATE: { close: 1014, http: 502, sentence: 'The certificate of the vendor could not be verified' },
  VENDOR_TLS_VERSION: {
    close: 1014,
    http: 502,
    sentence: 'The vendor offered no TLS version of 1.2 or later with a strong cipher',
  },
  VENDOR_PIN_MISMATCH: {
    close: 1014,
    http: 502,
    sentence: 'The public key of the vendor is not one of the pinned keys',
  },
  VENDOR_ADDRESS_REFUSED: {
    close: 1014,
    http: 502,
    sentence: 'The name of the vendor resolved to a private, loopback or link-local address',
  },
  VENDOR_UNREACHABLE: { close: 1014, http: 502, sentence: 'No connection to the vendor could be made' },
  VENDOR_REJECTED: { close: 1014, http: 502, sentence: 'The vendor refused the connection or a request' },
  VENDOR_TIMEOUT: { close: 1014, http: 504, sentence: 'The vendor did not answer in time' },

  // During the call.
  VENDOR_CLOSED: { close: 1014, http: 502, sentence: 'The vendor closed the connection in the middle of the call' },
  VENDOR_SILENT: { close: 1014, http: 504, sentence: 'The vendor stopped answering pings' },
  VENDOR_REVOKED: { close: 1008, http: 403, sentence: 'The vendor lost its approval while the call was live' },
  FRAME_TOO_LARGE: { close: 1009, http: 413, sentence: 'A frame is larger than the limit of its leg' },
  FRAME_MALFORMED: { close: 1007, http: 400, sentence: 'A frame is not a well-formed message of its protocol' },
  FRAME_TOO_DEEP: { close: 1008, http: 400, sentence: 'The JSON of a frame is nested deeper than the limit' },
  FRAME_TOO_MANY_NODES: { close: 1008, http: 400, sentence: 'The JSON of a frame has more values than the limit' },
  CONTROL_FLOOD: { close: 1008, http: 429, sentence: 'Pings came faster than anybody needs them' },
  FRAME_WRONG_OPCODE: {
    close: 1003,
    http: 400,
    sentence: 'A binary frame came where the protocol has text, or the reverse',
  },
  MESSAGE_UNKNOWN: { close: 1008, http: 400, sentence: 'The message type is not part of the protocol' },
  MESSAGE_OUT_OF_ORDER: {
    close: 1008,
    http: 400,
    sentence: 'A message came before the start of the stream, or the start came twice',
  },
  START_TIMEOUT: { close: 1008, http: 408, sentence: 'The start of the stream did not come in time' },
  CALL_MISMATCH: { close: 1008, http: 403, sentence: 'The stream belongs to another call than its token' },
  TOO_MANY_BLOCKED: { close: 1008, http: 400, sentence: 'Several frames in a row had to be blocked' },
  KEYPAD_WITHHELD: {
    close: 1008,
    http: 403,
    sentence: 'Keypad digits are withheld from a party that is not cleared for them',
  },
  PICTURE_WITHHELD: {
    close: 1008,
    http: 403,
    sentence: 'Pictures, films and files are withheld from a party that is not cleared for them',
  },
  REDACTION_FAILED: { close: 1011, http: 500, sentence: 'A rule of the redactor failed; the text was not sent' },
  REDACTION_OVER_BUDGET: {
    close: 1011,
    http: 500,
    sentence: 'Redaction took longer than the frame budget; the text was masked whole',
  },
  HELD_TOO_LONG: { close: 1011, http: 500, sentence: 'Held text was masked because its end did not come in time' },
  PEER_TOO_SLOW: { close: 1013, http: 503, sentence: 'A peer did not read what was sent to it' },
  CALL_IDLE: { close: 1001, http: 408, sentence: 'No message came for longer than the idle limit' },
  CALL_TOO_LONG: { close: 1001, http: 408, sentence: 'The call reached its maximum length' },
  CRISIS: { close: 1000, http: 200, sentence: 'Words of a crisis: suicide, self-harm or harm to others' },
  EMERGENCY: { close: 1000, http: 200, sentence: 'Words of an emergency: somebody is in danger now' },
  HUMAN_ASKED: { close: 1000, http: 200, sentence: 'The caller asked for a person, or the agent announced one' },
  THERAPEUTIC_TALK: { close: 1000, http: 200, sentence: 'Therapeutic talk, which the profile leaves to people' },
  SESSION_REFUSED: {
    close: 1014,
    http: 502,
    sentence: 'The vendor did not take the session as the route demands it, or not in time',
  },
  SESSION_EXPIRED: { close: 1014, http: 502, sentence: 'The session of the vendor reached its longest duration' },
  VENDOR_FAILED: { close: 1014, http: 502, sentence: 'The vendor reported a fault in the middle of the call' },
  ANSWER_WITHHELD: {
    close: 1014,
    http: 502,
    sentence: 'The model or its content filter withheld the answer',
  },
  SESSION_ENDED: { close: 1000, http: 200, sentence: 'The vendor ended the session as its protocol provides' },
  CALLER_CLOSED: { close: 1000, http: 200, sentence: 'The caller side closed the connection' },

  // Reading along.
  OPERATOR_UNKNOWN: { close: 1008, http: 401, sentence: 'The request carries no token of an operator' },
  OPERATOR_NOT_ALLOWED: { close: 1008, http: 403, sentence: 'The operator may not read this' },
  CALL_UNKNOWN: { close: 1008, http: 404, sentence: 'No call in progress has this reference' },
  TAP_LIMIT: { close: 1013, http: 503, sentence: 'The number of simultaneous readers has reached its limit' },
  TAP_QUEUE_FULL: {
    close: 1013,
    http: 503,
    sentence: 'Lines for a webhook were dropped: its queue was full, too old or damaged',
  },

  // The log, the configuration, the process.
  AUDIT_UNAVAILABLE: {
    close: 1011,
    http: 503,
    sentence: 'The audit log cannot record; without a record nothing is disclosed',
  },
  AUDIT_LAGGING: {
    close: 1011,
    http: 503,
    sentence: 'The audit log is too far behind; frames are not sent unrecorded',
  },
  POLICY_REJECTED: { close: 1011, http: 500, sentence: 'The new configuration has faults; the old one stays in force' },
  INTERNAL: { close: 1011, http: 500, sentence: 'An internal fault ended the call toward a human' },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof reasons;
