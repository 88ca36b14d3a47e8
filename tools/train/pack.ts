/** Unsigned LEB128 numbers, as `createReader` of the name lexicon reads them. */
export interface Writer {
  add(value: number): void;
  base64(): string;
}

export function createWriter(): Writer {
  const bytes: number[] = [];
  return {
    add(value): void {
      let rest = value;
      while (rest >= 128) {
        bytes.push((rest % 128) + 128);
        rest = Math.floor(rest / 128);
      }
      bytes.push(rest);
    },
    base64: () => Buffer.from(bytes).toString('base64'),
  };
}

/** Weights as bytes: `scale` is the log odds of one step. Weights under half a step are dropped. */
export function quantise(weights: Float32Array, scale: number): Int8Array {
  return Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale))));
}

/** As `unpack` of the tagger reads it: the gap from the last weight that is not 0, then the value (zigzag). */
export function packWeights(weights: Int8Array): string {
  const writer = createWriter();
  let last = -1;
  weights.forEach((weight, slot) => {
    if (weight === 0) return;
    writer.add(slot - last);
    writer.add(weight > 0 ? weight * 2 : -weight * 2 - 1);
    last = slot;
  });
  return writer.base64();
}
