import { FrameContent } from '../../src/stream/frame-content.ts';

/** A frame with this content, under `mask` if there is one, with `before` bytes before its content and `after` behind it. */
export function contentOf(data: Buffer, mask?: Buffer, before = 4, after = 0): FrameContent {
  const masked = data.map((byte, index) => byte ^ (mask?.[index % 4] ?? 0));
  const bytes = Buffer.concat([Buffer.alloc(before, 0x5a), mask ?? Buffer.alloc(0), masked, Buffer.alloc(after, 0x5a)]);
  const from = before + (mask?.length ?? 0);
  const content = new FrameContent();
  content.hold(bytes, from, from + data.length, mask !== undefined);
  return content;
}
