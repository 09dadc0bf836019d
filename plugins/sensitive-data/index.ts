import type { Engine } from '../../src/engines/contract';
import { KINDS, type Options } from './options';

/** What searches is large: it is loaded where the engine runs. */
const load = () => import('./engine');

/** Sensitive data in the text of files: payment cards, identity and account numbers, keys and secrets, and what the administrator looks for. */
export default {
  id: 'sensitive-data',
  name: 'Sensitive data',
  finds: ['SensitiveData'],
  options: (z) =>
    z.strictObject({
      kinds: z
        .array(z.enum(KINDS))
        .default([...KINDS])
        .describe('What is looked for: cards, ssn, iban, emails (in bulk), keys (private ones), secrets (of clouds)'),
      emailsFrom: z
        .int()
        .min(1)
        .max(5000)
        .default(100)
        .describe('How many different e-mail addresses in one file are reported'),
      patterns: z
        .array(
          z.strictObject({
            name: z.string().trim().min(1).max(100).describe('What it finds, for reports'),
            pattern: z.string().min(1).max(1000).describe('A regular expression of RE2; its time is linear'),
            ignoreCase: z.boolean().default(false),
            certainty: z.int().min(10).max(100).default(80).describe('What a find scores, from 10 to 100'),
            keywords: z
              .array(z.string().trim().min(2).max(50))
              .max(50)
              .default([])
              .describe('Words that make a find near by likelier'),
          }),
        )
        .max(100)
        .default([])
        .describe("The administrator's own regular expressions"),
    }),

  // Before any thread opens it: what is wrong with a pattern is told once.
  prepare: async (options) => {
    (await load()).detectorsOf(options);
  },

  open: async (options) => (await load()).openEngine(options),
} satisfies Engine<Options, void>;
