import {
  base64,
  compileShape,
  digits,
  flag,
  id,
  literal,
  number,
  object,
  oneOf,
  sequence,
  stream,
} from '../../src/stream/shape.ts';

export const sid = 'MZ00000000000000000000000000000a11';

/** An audio frame with a field of every form. */
export const audioShape = compileShape({
  event: literal('media'),
  sequenceNumber: sequence,
  streamSid: stream,
  media: object({ track: oneOf('inbound', 'outbound'), chunk: digits, timestamp: digits, payload: base64 }),
  item: id,
  index: number,
  done: flag,
});
