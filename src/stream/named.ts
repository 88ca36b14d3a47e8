import type { NestedName } from '../policy/nested.ts';
import { bounds } from './limits.ts';

/**
 * Whom the messages of one call have named behind its vendor, and were allowed to: when the policy changes in the middle of the
 * call it has to allow them still. Of the addresses at one host one stands for all.
 */
export class NamedParties {
  private readonly names = new Map<string, NestedName>();

  get all(): readonly NestedName[] {
    return [...this.names.values()];
  }

  /** False: more different ones than any call has, which nobody could judge again. */
  add(name: NestedName): boolean {
    const key = `${name.form} ${name.of ?? ''} ${name.form === 'url' ? originOf(name.value) : name.value}`;
    if (this.names.has(key)) return true;
    if (this.names.size >= bounds.namedParties) return false;
    this.names.set(key, name);
    return true;
  }
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}
