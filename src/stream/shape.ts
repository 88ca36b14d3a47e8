/** The form of one value. `stream` is the id that the call was bound to; `sequence` is a running number as digits. */
export type Field =
  | { readonly form: 'literal'; readonly values: readonly string[]; readonly required: boolean }
  | { readonly form: 'stream' | 'base64'; readonly required: true }
  | { readonly form: 'digits' | 'sequence' | 'number' | 'flag' | 'id'; readonly required: false }
  | { readonly form: 'object'; readonly shape: Shape; readonly required: true };

export interface Shape {
  readonly [key: string]: Field;
}

/** A string that is one of these words. */
export const literal = (...values: readonly string[]): Field => ({ form: 'literal', values, required: true });
/** The same, but it may be absent. */
export const oneOf = (...values: readonly string[]): Field => ({ form: 'literal', values, required: false });
export const stream: Field = { form: 'stream', required: true };
export const base64: Field = { form: 'base64', required: true };
/** A string of at most nine digits: fewer than a telephone number has. */
export const digits: Field = { form: 'digits', required: false };
export const sequence: Field = { form: 'sequence', required: false };
/** A JSON number of at most nine digits. */
export const number: Field = { form: 'number', required: false };
/** `true`, `false` or `null`. */
export const flag: Field = { form: 'flag', required: false };
/** A string of at most 128 letters, digits, `_` and `-`, with a letter in it. */
export const id: Field = { form: 'id', required: false };
export const object = (shape: Shape): Field => ({ form: 'object', shape, required: true });

/** A shape, ready to be compared: everything that the walk needs, made once. */
export interface CompiledField {
  readonly key: Buffer;
  readonly form: Field['form'];
  readonly values: readonly Buffer[];
  readonly shape: CompiledShape | undefined;
}

export interface CompiledShape {
  readonly fields: readonly CompiledField[];
  /** Bit mask of the fields that must be there. */
  readonly required: number;
}

export function compileShape(shape: Shape): CompiledShape {
  let required = 0;
  const fields = Object.entries(shape).map(([key, field], index): CompiledField => {
    if (field.required) required |= 1 << index;
    return {
      key: Buffer.from(key),
      form: field.form,
      values: field.form === 'literal' ? field.values.map((value) => Buffer.from(value)) : [],
      shape: field.form === 'object' ? compileShape(field.shape) : undefined,
    };
  });
  return { fields, required };
}
