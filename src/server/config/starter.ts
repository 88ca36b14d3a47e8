import { agreementPoints } from '../../policy/baa.ts';

/** Marks what only the practice knows. Until it is filled in, `chaperone check` names the line. */
export const fillIn = '# <-- fill in';

/** The name under which the JSON Schema is written beside the configuration, for editors. */
export const schemaName = 'chaperone.schema.json';

/** An entry of the approved list. */
export interface StarterVendor {
  readonly id: string;
  readonly service: string;
  /** As YAML. */
  readonly hosts: string;
}

/** What differs between a first configuration for Twilio and one for an app of the practice. */
export interface StarterParts {
  /** Who calls `public_url`. */
  readonly callers: string;
  readonly account: string;
  readonly vendors: readonly StarterVendor[];
  /** What is said of those behind it. */
  readonly behind: string;
  readonly routes: string;
}

const carrierParts: StarterParts = {
  callers: 'Twilio calls',
  vendors: [
    {
      id: 'voice-vendor',
      service: 'realtime voice agent',
      hosts: `[]                  ${fillIn}: such as [agent.vendor.example]`,
    },
  ],
  account: `twilio:
  account_sid: "\${TWILIO_ACCOUNT_SID}"
  auth_tokens: ["\${TWILIO_AUTH_TOKEN}"]      # two while you rotate the token

`,
  behind: `  # Twilio carries every call: record its agreement too. The speech providers of ConversationRelay work for Twilio.
  # - id: twilio
  #   service: telephone carrier
  #   training: forbidden
  #   sub_processors: [deepgram, elevenlabs]
  #   baa: { counterparty: Twilio Inc., signed: ..., effective: ..., expires: ..., document: baa/twilio.pdf, sha256: ..., points: [...] }
  # - { id: deepgram, service: speech recognition, training: forbidden, covered_by: twilio }
  # - { id: elevenlabs, service: speech synthesis, training: forbidden, covered_by: twilio }

`,
  routes: `# In Twilio, a number asks POST <public_url>/twilio/voice/<name> when a call comes in.
routes:
  - name: front-desk
    protocol: twilio-media-streams           # or twilio-conversation-relay
    vendor: voice-vendor
    url:                       ${fillIn}: such as wss://agent.vendor.example/twilio
    headers: { Authorization: "Bearer \${VENDOR_KEY}" }
    human:
      dial:                    ${fillIn}: who answers when the AI cannot, such as "+15125550100"

`,
};

/** A first `chaperone.yaml`: one vendor, one route, everything else at its default. */
export function starterConfiguration(timeZone: string, parts = carrierParts): string {
  return `# yaml-language-server: $schema=./${schemaName}
#
# The configuration of chaperone. Fill in what is marked, then:
#
#   chaperone check --config chaperone.yaml    what is missing; then: who would receive what
#   chaperone serve --config chaperone.yaml    take calls
#
# \${NAME} is a variable of the environment; it may stand in secrets, URLs and hosts.
# Every key is described in docs/configuration.md, and in an editor that reads the first line.
version: 1

practice:
  name:                        ${fillIn}: the name that callers know
  profile: medspa              # medspa, therapy or cosmetic: what is masked, when a human takes over
  time_zone: ${timeZone}

listen:
  calls:
    host: 0.0.0.0
    port: 8443
    public_url:                ${fillIn}: the address that ${parts.callers}, such as https://calls.example.com
    # TLS ends in a proxy in front of chaperone ...
    tls_ended_by: { proxies: ["127.0.0.1"] }
    # ... or here:
    # tls: { certificate: tls/fullchain.pem, key: tls/privkey.pem }
  admin: { host: 127.0.0.1, port: 9464 }     # health and metrics

${parts.account}# The approved list. Who is not on it, or has no agreement in force, gets nothing.
sub_processors:
${parts.vendors.map(entryText).join('\n')}
${parts.behind}${parts.routes}audit:
  directory: ./audit
  key: { file: ./keys/chaperone.key }        # keep a copy apart from the log: without it nothing can be read
  # key: { kms: "arn:aws:kms:..." }           # or AWS KMS; or { vault: https://..., name: audit }
  # anchors: { s3: { bucket: ... } }         # who can rewrite the log cannot rewrite what a bucket with Object Lock keeps
`;
}

function entryText({ id, service, hosts }: StarterVendor): string {
  return `  - id: ${id}
    service: ${service}
    hosts: ${hosts}
    retention_days:            ${fillIn}: days for which it keeps call data, 0 if none
    training:                  ${fillIn}: forbidden, once it is promised in writing
    sub_processors: []         # ids of those to whom it passes call data on; each needs its own entry
    baa:
      counterparty:            ${fillIn}: legal name of the vendor
      signed:                  ${fillIn}: such as 2026-01-05
      effective:               ${fillIn}: first day in force
      expires:                 ${fillIn}: last day in force, or the day of your next review
      document: baa/${id}.pdf         # put the signed agreement there
      sha256:                  ${fillIn}: what "sha256sum baa/${id}.pdf" prints
      points:                  ${fillIn}: remove the # in front of each point that you have read in it
${pointLines()}
`;
}

function pointLines(): string {
  return Object.entries(agreementPoints)
    .map(([name, { cite, asks }]) => `        # - ${name.padEnd(24)} # ${cite}: ${asks}`)
    .join('\n');
}

export const agreementsReadme = `# Business associate agreements

Put the signed agreements of your sub-processors here, one file each, and name them in chaperone.yaml under
\`sub_processors: baa: document\`, with their SHA-256 (\`sha256sum FILE\`).

chaperone compares the file with the recorded SHA-256 whenever it loads the configuration. When they differ, or the
agreement is past its last day, the vendor gets no call; the caller gets a human.

Before you tick a point under \`points\`, read it in the agreement. All of them are needed:

| point | 45 CFR | the vendor |
|---|---|---|
${Object.entries(agreementPoints)
  .map(([name, { cite, asks }]) => `| ${name} | ${cite} | ${asks} |`)
  .join('\n')}

For a sub-processor behind another vendor the document may be that vendor's written statement that it has bound its
sub-contractor to the same terms; or write \`covered_by: <id>\` in its entry instead of \`baa\`.
`;
