import type { Definitions, Engine } from '../../src/engines/contract';
import { patternOf } from './name';
import { answerOf, KINDS, MEANINGS, type Options, PASSED, scanOnce } from './scan';
import { selfTest } from './selftest';
import { createSlots } from './slots';
import { versionOf } from './version';

const VERSION_FRESH_FOR = 60_000;

export default {
  id: 'command',
  name: 'Command',
  finds: KINDS,
  options: (z) =>
    z
      .strictObject({
        argv: z
          .array(z.string().refine((part) => !part.includes('\0'), 'must not hold a zero byte'))
          .min(1)
          .describe('The scanner and its arguments, run without a shell; "{file}" stands for the file.'),
        input: z
          .enum(['fd', 'stdin', 'path'])
          .default('fd')
          .describe(
            'How the scanner gets the file: "fd" as a path below /proc that always means the opened file, "stdin" on its standard input, "path" as the plain path, where another file may be by then.',
          ),
        exits: z
          .record(z.string().regex(/^(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/, 'not an exit code'), z.enum(MEANINGS))
          .default({ 0: 'clean', 1: 'detected' })
          .describe('What each exit code means; any other is a failure that is tried again.'),
        name: z
          .string()
          .refine((source) => patternOf(source) !== undefined, 'not a regular expression with a group')
          .optional()
          .describe("A regular expression whose first group is the threat's name in a line of the output."),
        kind: z.enum(KINDS).default('Threat').describe('What a detection by this scanner is.'),
        timeout: z.number().int().positive().default(60_000).describe('Longest run over one file, in milliseconds.'),
        concurrency: z.number().int().min(1).max(64).default(2).describe('Runs at once in each worker thread.'),
        definitions: z
          .array(z.string())
          .min(1)
          .optional()
          .describe('A command that prints the version of the definitions.'),
        env: z
          .record(z.string(), z.string())
          .default({})
          .describe(`Environment of the scanner besides ${PASSED.join(', ')}.`),
        selfTest: z
          .boolean()
          .default(true)
          .describe(
            'Whether the scanner must first recognize the EICAR test file, so that it is known to read what it is given.',
          ),
      })
      .refine((options) => options.input === 'stdin' || options.argv.slice(1).some((part) => part.includes('{file}')), {
        message: 'needs "{file}" as or within an argument, unless input is "stdin"',
        path: ['argv'],
      }),

  prepare: async (options: Options) => {
    if (options.selfTest) await selfTest(options);
  },

  open: async (options: Options, { signal: thread }) => {
    const pattern = options.name === undefined ? undefined : patternOf(options.name);
    const closing = new AbortController();
    const ending = AbortSignal.any([thread, closing.signal]);
    const slots = createSlots(options.concurrency);
    let cached: { version: Promise<Definitions>; at: number } | undefined;

    const definitions = () => {
      if (cached && performance.now() - cached.at < VERSION_FRESH_FOR) return cached.version;
      const mine = { version: versionOf(options), at: performance.now() };
      cached = mine;
      mine.version.catch(() => {
        if (cached === mine) cached = undefined;
      });
      return mine.version;
    };

    return {
      definitions,
      scan: async (file, { signal }) => {
        const either = AbortSignal.any([signal, ending]);
        const release = await slots.take(either);
        if (!release) return { status: 'failed', reason: 'cancelled', retry: true };
        try {
          return answerOf(await scanOnce(options, file, either), options, pattern);
        } catch (error) {
          const reason = `cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
          return { status: 'failed', reason, retry: true };
        } finally {
          release();
        }
      },
      close: async () => {
        closing.abort();
        await slots.empty();
      },
    };
  },
} satisfies Engine<Options, void>;
