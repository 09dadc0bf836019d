import type { Answer, Engine, SensitiveType, TextError } from '../../src/engines/contract';
import { cards } from './cards';
import type { Detector } from './detector';
import { createEmails } from './emails';
import { iban } from './iban';
import { keys } from './keys';
import { createOwn, type OwnPattern } from './own';
import { search } from './search';
import { secrets } from './secrets';
import { ssn } from './ssn';

const KINDS = ['cards', 'ssn', 'iban', 'emails', 'keys', 'secrets'] as const;
type Kind = (typeof KINDS)[number];

export interface Options {
  kinds: Kind[];
  emailsFrom: number;
  patterns: OwnPattern[];
}

/** Changes with what is found, and how it is scored. */
const VERSION = '2';

const detectorsOf = ({ kinds, emailsFrom, patterns }: Options): Detector[] => {
  const builtIn: { [kind in Kind]: Detector } = { cards, ssn, iban, emails: createEmails(emailsFrom), keys, secrets };
  return [
    ...KINDS.filter((kind) => kinds.includes(kind)).map((kind) => builtIn[kind]),
    ...patterns.map((pattern, i) => createOwn(pattern, i + 1)),
  ];
};

/** A name in clamscan's way: `SensitiveData.CreditCardNumber`. */
const nameOf = ({ displayName }: SensitiveType): string => {
  const words = displayName.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return `SensitiveData.${words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('')}`;
};

const toUnread = (error: unknown) => {
  const { message, unread: how } = error as TextError;
  return { status: how === 'skipped' ? how : ('failed' as const), reason: message.replace(/\.$/, '') };
};

const unread = (error: unknown): Answer => {
  const { status, reason } = toUnread(error);
  if (status === 'skipped') return { status, reason };
  return { status, reason, retry: (error as TextError).unread === undefined };
};

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
    detectorsOf(options);
  },

  open: async (options) => {
    const detectors = detectorsOf(options);
    const version = `sensitive-data ${VERSION}, ${detectors.length} ${detectors.length === 1 ? 'type' : 'types'}`;
    return {
      definitions: async () => ({ version }),
      scan: async (file, { signal, showSensitive = false }) => {
        signal.throwIfAborted();
        const text = file.text?.();
        if (text === undefined) return { status: 'skipped', reason: `no text is read from files of type ${file.type}` };
        const { types, error } = await search(text, { detectors, shown: showSensitive, signal });
        const [first] = types;
        if (first !== undefined) {
          return {
            status: 'detected',
            name: nameOf(first),
            kind: 'SensitiveData',
            sensitive: { shown: showSensitive, types, unread: error === undefined ? undefined : toUnread(error) },
          };
        }
        return error === undefined ? { status: 'clean' } : unread(error);
      },
      close: async () => {},
    };
  },
} satisfies Engine<Options, void>;
