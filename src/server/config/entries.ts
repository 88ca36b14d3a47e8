import { z } from 'zod';
import { agreementPoints, isAgreementPoint } from '../../policy/baa.ts';
import type { Environment } from '../config.ts';
import { anyProtocol, appSideFields, callers, protocolField } from './apps.ts';
import { bridgeField, sessionSchema } from './session.ts';
import {
  choice,
  day,
  host,
  identifier,
  list,
  mapping,
  reachFields,
  secret,
  text,
  url,
  whole,
  yesOrNo,
} from './fields.ts';

/** The entries of the two lists of the file: sub-processors and routes. */
export type SubProcessorShape = z.output<ReturnType<typeof subProcessorSchema>>;
export type AgreementShape = z.output<ReturnType<typeof agreementSchema>>;
export type RouteShape = z.output<ReturnType<typeof routeSchema>>;

export function subProcessorSchema(environment: Environment) {
  const reference = identifier('the id of an entry of sub_processors');
  const pin = text('a pin "sha256/..." with 44 characters of base64', /^sha256\/[A-Za-z0-9+/]{43}=$/u);
  return mapping({
    id: identifier('a short id').describe('Short id that routes and other entries use.'),
    service: text('what the service is').describe('What it does for the practice, in plain words.'),
    hosts: list(host(environment), 'a list of hosts')
      .default([])
      .describe('Hosts that may be dialled; host:port allows that port alone. Empty for one that is never dialled.'),
    protocols: list(anyProtocol(), 'a list of protocols')
      .optional()
      .describe('Services that the agreement covers, as the protocols that reach them. Without it: any.'),
    models: list(text('a model name'), 'a list of model names')
      .optional()
      .describe('Models that the agreement covers; name* covers all that begin so. Without it: any.'),
    regions: list(text('a region name'), 'a list of regions')
      .optional()
      .describe('Regions that the agreement covers. Without it: any.'),
    sub_processors: list(reference, 'a list of ids')
      .default([])
      .describe('Ids of those to whom it passes call data on; each needs its own entry.'),
    retention_days: whole(0, 36_500, 'days').optional().describe('Days for which it keeps call data at most.'),
    training: choice(['forbidden', 'allowed']).optional().describe('Must be forbidden for any call to go there.'),
    status: choice(['approved', 'suspended']).default('approved').describe('suspended stops its calls.'),
    pins: list(pin, 'a list of pins')
      .default([])
      .describe('SHA-256 pins of its public keys (SubjectPublicKeyInfo). Without them: any publicly trusted key.'),
    ...reachFields(),
    baa: agreementSchema().optional(),
    known_as: list(text('a name'), 'a list of names')
      .default([])
      .describe('Names that configuration messages call it by: open_ai, connector_gmail, googleSearch.'),
    configurations: list(text('an id'), 'a list of ids')
      .default([])
      .describe('Ids of configurations kept at it whose content you have checked: agents, prompts.'),
    covered_by: reference
      .optional()
      .describe('Instead of baa: the entry whose agreement binds this one as its sub-contractor.'),
  });
}

function agreementSchema() {
  const names = Object.keys(agreementPoints).filter(isAgreementPoint);
  const digest = 'the SHA-256 of the document, 64 hexadecimal digits (sha256sum prints it)';
  return mapping({
    counterparty: text('the legal name of the other side').describe('Legal name of the other side.'),
    signed: day().describe('Day of the last signature.'),
    effective: day().describe('First day in force.'),
    expires: day().describe('Last day in force. Without an end: the day of your next review.'),
    document: text('the path of the signed document').describe('The signed document, from the folder of this file.'),
    sha256: text(digest, /^[0-9a-f]{64}$/iu)
      .toLowerCase()
      .describe('SHA-256 of the document. When it no longer matches, the vendor gets nothing.'),
    points: list(z.enum(names, { error: `one of ${names.join(', ')}` }), 'a list of points')
      .default([])
      .describe('What you have read in the agreement: 45 CFR 164.504(e)(2) and 164.314(a)(2)(i). All are needed.'),
    incident_contact: text('a person or address').optional().describe('Whom to tell of an incident.'),
  }).describe('The business associate agreement. Without one the vendor gets nothing.');
}

export function routeSchema(environment: Environment) {
  const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u, { error: 'a header name' });
  const phone = 'a phone number in quotes, with country code: "+15125550100"';
  return mapping({
    name: identifier('a short name').describe('Short name; the number of Twilio points to /twilio/voice/<name>.'),
    caller: choice(callers).default('twilio').describe('Who opens the calls: Twilio, or an app of the practice.'),
    protocol: protocolField().describe('What the caller and the vendor speak.'),
    vendor: identifier('the id of an entry of sub_processors').describe('Id of the sub-processor that takes the call.'),
    url: url(
      environment,
      ['wss:', 'ws:', 'https:', 'http:'],
      'a wss:// URL of the vendor, without a user name or password in it',
    ).describe('Where the vendor is dialled; with bridge chat-completions the https:// URL before /chat/completions.'),
    headers: z
      .record(headerName, secret(environment, 'the value of a header'), { error: 'a mapping of header names' })
      .default({})
      .describe('Headers of the connection, such as Authorization: "Bearer ${VENDOR_KEY}".'),
    model: text('a model name').optional().describe('Model that this route uses; must be covered.'),
    region: text('a region name').optional().describe('Region that this route uses; must be covered.'),
    allow_loopback_plaintext: yesOrNo()
      .default(false)
      .describe('The vendor is on this very machine; ws:// is allowed.'),
    notice: text('what the caller is told first').optional().describe('Spoken before anything reaches the vendor.'),
    human: mapping({
      dial: text(phone, /^\+[1-9]\d{6,14}$/u)
        .optional()
        .describe('Number that is dialled.'),
      say: text('what is said').optional().describe('Said before the number is dialled, or instead of it.'),
      via: choice(['twiml', 'redirect'])
        .default('twiml')
        .describe(
          'twiml: the next TwiML verb runs; redirect: told to the REST interface first, with words that fit the reason.',
        ),
    })
      .prefault({})
      .describe('Who takes the call when the AI may not or cannot.'),
    conversation_relay: conversationRelaySchema().optional(),
    bridge: bridgeField().optional().describe('What the vendor speaks, where Twilio Media Streams come in.'),
    session: sessionSchema(environment).optional(),
    strict: yesOrNo().default(false).describe('Refuse unknown messages of the vendor too.'),
    parameters: list(text('the name of a custom parameter'), 'a list of names')
      .default([])
      .describe('Custom parameters that hold no fact of a person; all others are masked whole.'),
    ...appSideFields(environment),
  });
}

function conversationRelaySchema() {
  const provider = text('the name of the provider');
  return mapping({
    tts_provider: provider.describe('Who speaks: Google, Amazon, ElevenLabs. Needs an entry in sub_processors.'),
    transcription_provider: provider.describe('Who listens: Deepgram or Google. Needs an entry in sub_processors.'),
    welcome_greeting: text('a sentence').optional().describe('Said after the notice.'),
    language: text('a language tag such as en-US').optional().describe('Language of the call.'),
    voice: text('the name of a voice').optional().describe('Voice of the provider.'),
    speech_model: text('the name of a model').optional().describe('Transcription model.'),
  }).describe('Attributes of the TwiML verb. Its providers hear the caller: they are sub-processors.');
}
