import type { Answer, Engine, EngineFile } from '../../src/engines/contract';
import { answerFor, FINDS } from './answer';
import { type CompiledRules, compile } from './compile';
import { createMappedScanner } from './mapped';
import { loadRules } from './native';
import { readSources } from './sources';

export interface Options {
  rules: string[];
  builtIn: boolean;
  timeout: number;
  maxFileSize: number;
}

/** Bytes up to which a file is scanned in memory, on the thread that asks. */
const IN_MEMORY = 16 * 1024 * 1024;
/** Bytes: what one buffer can span. */
const LARGEST = 4 * 1024 ** 3;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const failure = (error: unknown, timeout: number): Answer => {
  const reason = reasonOf(error);
  // Asked again, the same rules take as long over the same bytes.
  if (/timed? ?out/i.test(reason))
    return { status: 'failed', reason: `the rules took longer than the time limit of ${timeout} ms`, retry: false };
  return { status: 'failed', reason, retry: true };
};

/** YARA rules, by YARA-X inside the program. */
export default {
  id: 'yara',
  name: 'YARA',
  finds: FINDS,
  options: (z) =>
    z.strictObject({
      rules: z.array(z.string().min(1)).default([]).describe('Rule files, and folders searched for *.yar and *.yara'),
      builtIn: z.boolean().default(true).describe('Whether the few rules inside the program run, too'),
      timeout: z
        .int()
        .min(1000)
        .max(3_600_000)
        .default(120_000)
        .describe('Milliseconds for one file, counted in whole seconds'),
      maxFileSize: z
        .int()
        .min(1)
        .max(LARGEST)
        .default(LARGEST)
        .describe('Bytes above which a file is skipped; 4 GiB at most'),
    }),

  prepare: async ({ rules, builtIn }, { log }) => compile(readSources(rules, builtIn, log.warn)),

  open: async ({ timeout, maxFileSize }, { prepared }) => {
    const { rules, globals, definitions } = prepared;
    const yara = loadRules(rules, timeout);
    const mapped = createMappedScanner(rules, timeout);

    const scanInMemory = async (file: EngineFile) => {
      const bytes = await file.bytes();
      if (bytes.length !== file.size)
        throw new Error(`the file changed its size: ${file.size} bytes, of which ${bytes.length} could be read`);
      return yara.scan(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    };

    return {
      definitions: async () => definitions,
      scan: async (file, { signal }) => {
        if (signal.aborted) return { status: 'failed', reason: 'cancelled', retry: true };
        if (file.size > maxFileSize)
          return { status: 'skipped', reason: `larger than the YARA limit of ${maxFileSize} bytes` };
        try {
          const matches =
            file.size <= IN_MEMORY ? await scanInMemory(file) : await mapped.scan(file.fd, file.size, signal);
          return answerFor(matches, globals);
        } catch (error) {
          return signal.aborted ? { status: 'failed', reason: 'cancelled', retry: true } : failure(error, timeout);
        }
      },
      close: async () => mapped.close(),
    };
  },
} satisfies Engine<Options, CompiledRules>;
