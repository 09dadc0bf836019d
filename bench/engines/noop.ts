import type { Engine } from '../../src/engines/contract';

/** An engine that costs nothing, so that what is left is Assay's own. */
export default {
  id: 'noop',
  name: 'No-op',
  finds: [],
  looksInside: true,
  options: (z) => z.strictObject({}),
  open: async () => ({
    definitions: async () => ({ version: '1' }),
    scan: async () => ({ status: 'clean' }),
    close: async () => {},
  }),
} satisfies Engine;
