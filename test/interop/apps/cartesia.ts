import { createRequire } from 'node:module';
import type { Cartesia } from '@cartesia/cartesia-js';
import { apiKey, base } from './say.ts';

type Module = typeof import('@cartesia/cartesia-js');

/** As CommonJS: its ES modules do not find `ws`, and Node 20 has no WebSocket of its own. `baseURL` is what changed. */
export function cartesia(): Cartesia {
  const { default: Client } = createRequire(import.meta.url)('@cartesia/cartesia-js') as Module;
  return new Client({ apiKey, baseURL: base });
}
