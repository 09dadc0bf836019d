import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerOf, type Options, scanOnce } from './scan';

/** EICAR's test file, encoded so that no scanner stumbles over this program. */
const EICAR = 'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=';

/**
 * Throws unless the scanner detects EICAR in the way it gets its files. Some scanners answer "clean" to what they did not open:
 * a symbolic link, a path only we can read, an empty standard input.
 */
export const selfTest = async (options: Options): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-'));
  try {
    const path = join(folder, 'test');
    writeFileSync(path, Buffer.from(EICAR, 'base64'));
    const fd = openSync(path, 'r');
    try {
      const answer = answerOf(await scanOnce(options, { path, fd }), options, undefined);
      if (answer.status === 'detected') return;
      const said = 'reason' in answer ? answer.reason : 'clean';
      throw new Error(
        `the scanner does not detect the EICAR test file given by input "${options.input}" (it says: ${said}); try another input, or selfTest: false if it does not look for viruses`,
      );
    } finally {
      closeSync(fd);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
