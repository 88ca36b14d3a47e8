/** Dials a name twice whose server answers otherwise the second time. Run in network and mount namespaces of its own. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { connectJudged, refusalOf } from '../../src/server/dial.ts';

const name = 'vendor.practice.test';
const port = 4430;
const answers = ['127.0.0.1', '127.0.0.2'];
let lookups = 0;

/** Answers A queries one after the other, and that there is no AAAA. RFC 1035 section 4. */
const names = createSocket('udp4', (query, from) => {
  const end = query.indexOf(0, 12) + 5;
  const isA = query.readUInt16BE(end - 4) === 1;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isA ? 1 : 0, 6);
  const record = Buffer.from('c00c00010001000000000004', 'hex');
  const address = Buffer.from((answers[lookups] ?? '127.0.0.2').split('.').map(Number));
  if (isA) lookups += 1;
  names.send(Buffer.concat([header, query.subarray(12, end), ...(isA ? [record, address] : [])]), from.port);
});
await new Promise<void>((resolve) => {
  names.bind(53, '127.0.0.1', resolve);
});

const connections: Record<string, number> = { '127.0.0.1': 0, '127.0.0.2': 0 };
const servers = await Promise.all(
  answers.map(async (address) => {
    const server = createServer((socket) => {
      connections[address] = (connections[address] ?? 0) + 1;
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => {
      server.listen(port, address, resolve);
    });
    return server;
  }),
);

const peer = { id: 'vendor', url: `ws://${name}:${port}/`, loopback: true, addresses: [], pins: [] };
const judged = [peer, { ...peer, loopback: false, addresses: ['127.0.0.1'] }];
const outcomes: string[] = [];
for (const vendor of judged) {
  const deadline = AbortSignal.timeout(3_000);
  try {
    const { transport } = await connectJudged({ vendor, trust: undefined }, new URL(vendor.url), deadline);
    outcomes.push(transport.remoteAddress ?? '');
    transport.destroy();
  } catch (fault) {
    outcomes.push(refusalOf(fault, deadline).reason);
  }
}
process.stdout.write(JSON.stringify({ lookups, outcomes, connections }));
names.close();
for (const server of servers) server.close();
