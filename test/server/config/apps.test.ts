/** Routes whose caller is an app: what the file may say, and what it means. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { starterConfiguration } from '../../../src/server/config/starter.ts';
import { appStarters } from '../../../src/server/config/starter-app.ts';
import { appProtocols } from '../../../src/server/config/apps.ts';
import { postureOf } from '../../../src/server/posture.ts';
import { describePosture } from '../../../src/server/posture-text.ts';
import { loadConfig } from '../../../src/server/config/load.ts';
import { changed, environment, filledIn, load, Practice } from './practice.ts';

const token = 'planted-app-token-0123456789abcdefghij';
const variables = { ...environment, APP_TOKEN: token };

/** The sound configuration with a route for an app in the place of Twilio's; each part may be changed. */
function withApp(route: string, apps = 'apps: [{ name: desk, tokens: ["${APP_TOKEN}"] }]'): string {
  const text = changed('    human: { dial: "+15125550100" }\n', '');
  return `${text
    .replace('protocol: twilio-media-streams', `caller: app\n    apps: [desk]\n    ${route}`)
    .replace('/twilio\n', '\n')}${apps}\n`;
}

const listen = 'protocol: deepgram-listen';

describe('a route with caller app', () => {
  it('is loaded with its defaults, and shows no secret', async () => {
    const { config, lines } = await load(withApp(`${listen}\n    credential: "\${VENDOR_KEY}"`), variables);
    expect(lines).toEqual([]);
    expect(config?.routes[0]?.app).toMatchObject({
      path: '/front-desk',
      apps: ['desk'],
      credential: { kind: 'held' },
      unknownParameters: 'refuse',
    });
    expect(JSON.stringify(config)).not.toMatch(/planted/u);
  });

  it('needs no account of Twilio, where no other route does', async () => {
    const text = withApp(listen).replace(/^twilio:.*\n/mu, '');
    expect((await load(text, variables)).lines).toEqual([]);
    const { lines } = await load(changed('twilio: {', 'twilia: {'));
    expect(lines).toContainEqual(expect.stringContaining('twilio: found nothing; wanted a mapping'));
  });

  it.each([
    ['a protocol of Twilio', 'protocol: twilio-media-streams', 'routes[0].protocol: found it beside caller app'],
    ['a notice', `${listen}\n    notice: Hello`, 'routes[0].notice: found it beside caller app; wanted no such key'],
    ['a human', `${listen}\n    human: { dial: "+15125550100" }`, 'routes[0].human: found it beside caller app'],
    [
      'two keys',
      `${listen}\n    pass_through: true\n    credential: x`,
      'routes[0].pass_through: found it beside credential',
    ],
    ['a path of Twilio', `${listen}\n    path: /calls/x`, 'routes[0].path: found a path of Twilio'],
    ['a path with words', `${listen}\n    path: /my desk`, 'routes[0].path: found "/my desk"; wanted a path such as'],
    [
      'a protocol that no app can speak',
      'protocol: openai-chat',
      'routes[0].protocol: found "openai-chat"; wanted one of',
    ],
    [
      'an app of the practice where Retell comes',
      'protocol: retell-llm',
      'routes[0].apps: found desk, which has no sub_processor; wanted an app with that key',
    ],
    [
      'a key for a vendor that takes none',
      'protocol: vapi-transport\n    credential: x',
      'routes[0].credential: found it beside vapi-transport; wanted no such key: the vendor takes none',
    ],
    [
      'the root of the paths where a token stands in the path',
      'protocol: retell-llm\n    path: /',
      'routes[0].path: found /; wanted a path such as /retell: the token stands in the path',
    ],
    [
      'a way to its human where the protocol says how',
      'protocol: retell-llm\n    human: { dial: "+15125550100", via: redirect }',
      'routes[0].human.via: found it beside caller app; wanted no such key: the protocol says how',
    ],
    [
      'the demand of a header where Retell comes',
      'protocol: retell-llm\n    require_caller: true',
      'routes[0].require_caller: found it beside retell-llm; wanted no such key',
    ],
  ])('may not have %s', async (_what, route, fault) => {
    const { lines } = await load(withApp(route), variables);
    expect(lines).toContainEqual(expect.stringContaining(fault));
  });

  it('may have a human where Retell comes, for Retell moves the call to that number', async () => {
    const apps = 'apps: [{ name: desk, tokens: ["${APP_TOKEN}"], sub_processor: retell, addresses: [100.20.5.228] }]';
    const humanOf = async (human: string): Promise<{ readonly human: string; readonly warnings: string }> => {
      const { config, lines } = await load(withApp(`protocol: retell-llm${human}`, apps), variables);
      expect(lines).toEqual([]);
      if (config === undefined) throw new Error('The configuration has faults');
      const { routes, warnings } = postureOf(config, Date.now());
      return { human: routes[0]?.human ?? '', warnings: warnings.join('\n') };
    };
    const moved = await humanOf('\n    human: { dial: "+15125550100" }');
    expect(moved.human).toBe('the call is moved to +15125550100, by whoever dials in');
    expect(moved.warnings).not.toContain('human.dial');
    const ended = await humanOf('');
    expect(ended.human).toBe('a sentence is said and the call ends, by whoever dials in');
    expect(ended.warnings).toContain('Route front-desk has no human.dial: when the AI cannot go on, the call ends');
  });

  it('where Retell comes says in the posture from where, under whose agreement, and that any address is too many', async () => {
    const apps = (more: string): string =>
      `apps: [{ name: desk, tokens: ["\${APP_TOKEN}"], sub_processor: retell${more} }]`;
    const { config } = await load(withApp('protocol: retell-llm', apps(', addresses: [100.20.5.228]')), variables);
    if (config === undefined) throw new Error('The configuration has faults');
    const closed = postureOf(config, Date.now());
    expect(closed.routes[0]?.app?.apps).toEqual(['desk, by token from 100.20.5.228, under the agreement of retell']);
    expect(closed.warnings.join()).not.toContain('out of the path');
    const open = await load(withApp('protocol: retell-llm', apps('')), variables);
    if (open.config === undefined) throw new Error('The configuration has faults');
    expect(postureOf(open.config, Date.now()).warnings.join()).toContain('out of the path, from any address');
  });

  it('and one of Twilio have keys of their own', async () => {
    const { lines } = await load(changed('protocol: twilio-media-streams', 'protocol: openai-realtime\n    path: /x'));
    expect(lines).toEqual([
      expect.stringContaining('routes[0].protocol: found it beside caller twilio; wanted one of twilio-media-streams'),
      expect.stringContaining('routes[0].path: found it beside caller twilio; wanted no such key'),
    ]);
  });

  it('shares its path with no route of the same protocol', async () => {
    const second = (protocol: string): string =>
      withApp(`${listen}\n    path: /voice`).replace(
        'apps: [{',
        `  - { name: second, caller: app, apps: [desk], protocol: ${protocol}, path: /voice, vendor: voice-vendor, url: "wss://agent.vendor.example" }\napps: [{`,
      );
    expect((await load(second('deepgram-speak'), variables)).lines).toEqual([]);
    expect((await load(second('deepgram-listen'), variables)).lines).toEqual([
      expect.stringContaining('routes[1].path: found the path of another route'),
    ]);
    // /voice/{token}/{call} is also /voice/v1/listen, and the other way round.
    expect((await load(second('retell-llm'), variables)).lines).toContainEqual(
      expect.stringContaining('routes[1].path: found the path of another route, front-desk; wanted another path'),
    );
  });
});

describe('an app', () => {
  it.each([
    ['no proof', '[{ name: desk }]', 'apps[0].tokens: found nothing; wanted a token, or certificate_names'],
    ['a short token', '[{ name: desk, tokens: [planted-short] }]', 'apps[0].tokens[0]: found a text of 13 characters'],
    [
      'names without an authority',
      '[{ name: desk, certificate_names: [a.example] }]',
      'apps[0].certificate_names: found it without listen.calls.tls.client_authority',
    ],
    [
      'the token of another',
      '[{ name: desk, tokens: ["${APP_TOKEN}"] }, { name: kiosk, tokens: ["${APP_TOKEN}"] }]',
      'apps[1].tokens[0]: found the token of another entry',
    ],
    [
      'an origin in plain text',
      '[{ name: desk, tokens: ["${APP_TOKEN}"], origins: ["http://kiosk.example"] }]',
      'apps[0].origins[0]: found "http://kiosk.example"; wanted an origin such as https://',
    ],
  ])('may not have %s', async (_what, apps, fault) => {
    const { lines } = await load(withApp(listen, `apps: ${apps}`), variables);
    expect(lines).toContainEqual(expect.stringContaining(fault));
    expect(lines.join('\n')).not.toContain('planted');
  });

  it('has its token in a file, where the file holds one', async () => {
    const practice = await Practice.make(withApp(listen, 'apps: [{ name: desk, token_files: [secrets/desk] }]'));
    const lines = async (): Promise<readonly string[]> => {
      const result = await loadConfig(practice.file, variables);
      return 'faults' in result ? result.faults.map(({ path, found }) => `${path}: ${found}`) : [];
    };
    expect(await lines()).toEqual(['apps[0].token_files[0]: "secrets/desk", which does not exist']);
    await practice.write('secrets/desk', 'planted-short');
    expect(await lines()).toEqual(['apps[0].token_files[0]: a file without a token']);
    await practice.write('secrets/desk', `${token}\n`);
    const result = await loadConfig(practice.file, variables);
    expect('config' in result && result.config.apps[0]?.tokens.map((each) => each.reveal())).toEqual([token]);
    expect('config' in result && result.config.files.some((file) => file.endsWith('secrets/desk'))).toBe(true);
    await practice.remove();
  });

  it('that is not on the list is named by check, as is a token that stands in the file', async () => {
    const text = withApp(listen, `apps: [{ name: other, tokens: [${token}] }]`).replace(/^ +headers:.*\n/mu, '');
    const { config } = await load(text, variables);
    if (config === undefined) throw new Error('The configuration has faults');
    const { routes, warnings } = postureOf(config, Date.now());
    expect(routes[0]?.app?.apps).toEqual(['desk, which is not on the list of apps']);
    expect(warnings).toEqual(
      expect.arrayContaining([
        'Route front-desk is open to the app "desk", which is not on the list of apps',
        'Route front-desk has no credential: the vendor gets no key',
        'apps[0].tokens[0] stands in the file itself: put it into the environment',
      ]),
    );
  });
});

it('check says in plain words who may open the route, whose key the vendor gets, what is enforced', async () => {
  const { config } = await load(withApp(`${listen}\n    credential: "\${VENDOR_KEY}"`), variables);
  if (config === undefined) throw new Error('The configuration has faults');
  const text = describePosture(postureOf(config, Date.now()), new PassThrough());
  expect(text).toContain('front-desk: wss://calls.example.com/front-desk');
  for (const line of [
    'paths          /v1/listen',
    'apps           desk, by token',
    'key            held by chaperone; the app has none',
    'parameters     unknown ones refuse the connection',
    'enforced       ?mip_opt_out=true',
    'human          called by the app, which learns the reason',
    "receives       the caller's voice",
  ])
    expect(text).toContain(line);
  expect(text).not.toContain('planted');
});

it('there is a starter for whatever an app can speak', () => {
  expect([...appStarters.keys()].sort()).toEqual([...appProtocols].sort());
});

describe.each([...appStarters])('the starter for an app that speaks %s', (name, { parts, variables: names }) => {
  const starter = starterConfiguration('America/Chicago', parts);
  const values = Object.fromEntries(names.map((key, index) => [key, `${token}${index}`]));

  it('is sound once it is filled in', async () => {
    const text = filledIn(starter).replaceAll(/baa\/[a-z-]+\.pdf/gu, 'baa/vendor.txt');
    const { config, lines } = await load(text, values);
    expect(lines).toEqual([]);
    if (config === undefined) throw new Error('The configuration has faults');
    const { routes, warnings } = postureOf(config, Date.now());
    expect(routes).toMatchObject([{ protocol: name, verdict: { allowed: true }, ...opened(name) }]);
    expect(warnings.filter((warning) => /route|twilio/iu.test(warning))).toEqual([]);
  });

  it('marks every line that is to be filled in, and nothing else', async () => {
    const { lines } = await load(starter, values);
    const named = lines.map((line) => Number(/^chaperone\.yaml:(\d+):/u.exec(line)?.[1]));
    const written = starter.split('\n');
    const numbersOf = (piece: RegExp): number[] =>
      written.flatMap((line, index) => (piece.test(line) ? [index + 1] : []));
    // An empty list of hosts is allowed; the documents are not there yet.
    const marked = [...numbersOf(/^(?! +hosts:).*# <-- fill in/u), ...numbersOf(/^ +document:/u)];
    expect(named).toEqual(marked.sort((first, second) => first - second));
  });

  it('refers to no other variables', () => {
    const named = [...starter.replaceAll(/#.*$/gmu, '').matchAll(/\$\{([A-Z_]+)\}/gu)].map(([, variable]) => variable);
    expect(named).toEqual(names);
  });
});

/** Who opens the route, and with whose key. */
function opened(protocol: string): object {
  const address = 'wss://calls.example.com/voice';
  const held = 'held by chaperone; the app has none';
  const own = { apps: ['front-desk-app, by token'], credential: held };
  if (protocol === 'vapi-transport') return { address, app: { ...own, credential: 'none' } };
  if (protocol !== 'retell-llm') return { address, app: own };
  const apps = ['retell, by token from 100.20.5.228, under the agreement of retell'];
  const human = 'the call is moved to +15125550100, by whoever dials in';
  return { address: 'wss://calls.example.com/retell', app: { apps, credential: held }, human };
}
