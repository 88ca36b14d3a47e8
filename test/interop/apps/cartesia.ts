import type * as Sdk from '@cartesia/cartesia-js';
import { createRequire } from 'node:module';
import { apiKey, base } from './say.ts';

/** As CommonJS: its ES modules do not find `ws`, and Node 20 has no WebSocket of its own. `baseURL` is what changed. */
export function cartesia(): Sdk.Cartesia {
  const { default: Client } = createRequire(import.meta.url)('@cartesia/cartesia-js') as typeof Sdk;
  return new Client({ apiKey, baseURL: base });
}
