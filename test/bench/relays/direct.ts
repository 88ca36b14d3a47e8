import { clientOptions, type Relay } from '../relay.ts';

/** No relay: what the harness itself takes. */
export const direct: Relay = {
  name: 'direct',
  start: async (vendorUrl, certificates) => ({
    pid: undefined,
    startMs: 0,
    dial: (kind) => ({ url: `${vendorUrl}/${kind}`, options: clientOptions(certificates) }),
    stop: async () => {},
  }),
};
