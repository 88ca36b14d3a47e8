/** The faults that must end closed for the vendor and open for the patient. A test names its rows in its title: `[A1]`. */
export interface FaultRow {
  readonly id: string;
  readonly fault: string;
  readonly expected: string;
}

const row = (id: string, fault: string, expected: string): FaultRow => ({ id, fault, expected });

export const faultParts: readonly (readonly [letter: string, title: string])[] = [
  ['A', 'The vendor'],
  ['B', 'The telephony side'],
  ['C', 'Frames and parsing'],
  ['D', 'Policy and agreements'],
  ['E', 'The audit log, its keys, its disk'],
  ['F', 'Process, machine, time'],
  ['G', 'Abuse'],
];

export const faultRows: readonly FaultRow[] = [
  row(
    'A1',
    'closes in the middle of a call, with any code or none',
    'human within 500 ms; no reconnect; totals on record',
  ),
  row('A2', 'resets the connection inside a frame', 'as A1; no part of the frame is delivered'),
  row('A3', 'its host is gone without a word', 'human within 25 s'),
  row('A4', 'takes the connection and never answers the upgrade', 'refused at the dial limit'),
  row('A5', 'answers the upgrade with a redirect', 'refused, not followed'),
  row(
    'A6',
    'certificate expired, not yet valid, of another host, self-signed, of an unknown authority',
    'refused; not one byte',
  ),
  row('A7', 'offers old TLS or a weak cipher suite', 'refused; not one byte'),
  row('A8', 'another certificate on the next call', 'pinned: refused; not pinned: the new key is on record'),
  row(
    'A9',
    'its name resolves to an inner address, or to another one later',
    'judged at connect, connected to what was judged',
  ),
  row('A10', 'floods, or the caller reads slowly', 'paused; human when it goes on; memory bounded'),
  row('A11', 'never reads', 'the same on the way to it; human'),
  row('A12', 'sends identifiers back', 'masked for whoever may not see them; a host that is not approved is not named'),
  row('A13', 'a configuration names somebody who is not approved', 'not sent; human'),
  row(
    'A14',
    'messages of no known type',
    'toward the vendor stopped, toward the caller scanned; three stopped in a row: human',
  ),
  row('A15', 'refuses the upgrade (429, 5xx)', 'refused; the carrier goes on to the human'),

  row('B1', 'a signature is missing or wrong', '403 before the upgrade; nobody is dialled'),
  row('B2', 'an upgrade is replayed', 'refused: one token, one minute, one call'),
  row('B3', 'no start, audio before it, a second one, one of another call', 'human; nothing is forwarded'),
  row('B4', 'forwarding headers are forged', 'believed from the named proxy alone; the public URL is configured'),
  row('B5', 'the caller hangs up while text is held', 'the held text leaves nowhere'),
  row('B6', 'silence, or a call without end', 'human at the limit'),
  row('B7', 'numbers of frames out of order, repeated, missing', 'counted, passed'),
  row('B8', 'a browser opens the stream', '403'),

  row('C1', 'a message of 10 MiB', '1009'),
  row('C2', 'fragments without an end', '1008'),
  row('C3', 'a compression bomb', 'compression is never negotiated'),
  row('C4', 'text that is no UTF-8, also cut inside a code point', '1007'),
  row('C5', 'JSON that is broken, empty, or means two things', 'stopped; three in a row: human'),
  row('C6', 'JSON nested without end', 'stopped before it is parsed'),
  row('C7', 'JSON with a million values', 'stopped; the loop is not held up'),
  row('C8', 'binary where text belongs, and the reverse', 'stopped'),
  row('C9', 'identifiers cut over frames, spelled, in other letters', 'held until decided; not one leaves'),
  row('C10', 'text made for the worst case of a pattern', 'every pattern bounded; a frame within its budget'),
  row('C11', 'the redactor fails or takes too long', 'not sent, or masked whole; the second fault: human'),
  row('C12', 'words in a field that nobody has described', 'scanned as well'),
  row('C13', 'audio that is no base64, or of no length', 'never passed as audio unproven'),
  row('C14', 'frames that RFC 6455 forbids', '1002; human'),

  row('D1', 'a new configuration is broken', 'the old one stays; at the start: exit 78'),
  row('D2', 'a new configuration strikes a vendor off while calls use it', 'human within a second'),
  row('D3', 'an agreement ends in the middle of a call', 'human; no new call; warned before'),
  row('D4', 'an agreement document is not the recorded one', 'its vendor is disabled'),
  row('D5', 'one token or one id for two', 'refused at the start'),
  row('D6', 'nobody is on the list', 'nothing is allowed'),
  row('D7', 'an old or foreign configuration is put in place', 'on record by its hash; cannot pass for the one before'),

  row(
    'E1',
    'the disk is full, a write is short',
    'new calls refused, live ones to a human; nothing acknowledged is lost',
  ),
  row('E2', 'the disk hangs', 'hold, then human; new calls refused'),
  row('E3', 'EIO on fsync', 'fatal: every call to a human, exit 74'),
  row('E4', 'the disk turns read-only, the directory or a segment is replaced', 'as E3'),
  row('E5', 'kill -9 at any step', 'the log verifies; nothing acknowledged is lost; open calls are closed'),
  row('E6', 'power cut at any step', 'as E5, at a thousand points'),
  row('E7', 'a bit, a line or a segment is changed while the process is down', 'refused; verify names the record'),
  row('E8', 'an older copy of the disk is put back', 'refused as a roll-back'),
  row('E9', 'a second process on the same directory', 'refused; the lock of a dead one is taken over'),
  row('E10', 'the key file is missing, short, open to others, or another', 'refused at the start'),
  row('E11', 'the key service is away', 'at the start: refused; later: an hour, then no new calls'),
  row('E12', 'a caller is erased during their own call', 'waits for its end'),
  row('E13', 'an erasure is interrupted', 'finished at the next start'),
  row('E14', 'a purge would hit a hold, or the clock is years ahead', 'refused'),
  row('E15', 'witness or anchor away', 'goes on; on record; readiness tells'),

  row('F1', 'the clock jumps', 'order kept; lifetimes by the stricter clock'),
  row('F2', 'a fault that nothing catches', 'every call to a human, exit 70'),
  row('F3', 'the event loop is blocked', 'new calls to a human, live ones go on'),
  row('F4', 'the heap is nearly full', 'new calls to a human; then the newest live ones'),
  row('F5', 'no file descriptors are left', 'new connections refused; live calls and the log go on'),
  row('F6', 'SIGTERM with a hundred calls', 'no new call; drained, then human; exit 0'),
  row('F7', 'one worker of several crashes', 'its calls to a human, the others untouched'),
  row('F8', 'a debugger is asked for', 'refused'),
  row('F9', 'many calls for a long time', 'memory and descriptors flat'),

  row('G1', 'an upgrade one byte at a time', 'cut off within 10 s'),
  row('G2', 'thousands of headers, or very long ones', '431'),
  row('G3', 'idle connections', 'bounded for each address; closed in time'),
  row('G4', 'floods of pings and empty fragments, a close that nobody answers', 'cut off; bounded in time'),
  row(
    'G5',
    'the admin listener asked without or with a wrong token; paths and names made to deceive',
    '401; nothing is found, no line is forged',
  ),
  row('G6', 'metrics read by a stranger', 'on loopback; no label names a caller or a call'),
  row('G7', 'a URL of the configuration points inside', 'schemes and hosts are bounded; judged at connect'),
  row('G8', 'words in error paths', 'the canary is searched for in every output of every test'),
];

/** The rows that a title names. */
export function rowsIn(title: string): readonly string[] {
  return [...title.matchAll(/\[((?:[A-G]\d{1,2})(?: [A-G]\d{1,2})*)\]/gu)].flatMap(([, ids = '']) => ids.split(' '));
}
