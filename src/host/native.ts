import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that nobody else can write to; the engine host has one of its own, which all its threads share. */
const openFolder = (): { path: string; own: boolean } => {
  const given = process.env.ASSAY_NATIVE_DIR;
  if (given !== undefined) return { path: given, own: false };
  // BUN_TMPDIR is where a host with a noexec /tmp keeps such things.
  return { path: mkdtempSync(join(process.env.BUN_TMPDIR ?? tmpdir(), 'assay-native-')), own: true };
};

/**
 * Loads a native module that lies packed in the binary. It needs a file for the moment of loading; a folder of its own is removed at once.
 * @param packed the packed module, as `build.ts` puts it into the binary
 */
export const unpackNative = (name: string, packed: string | { default: string }): unknown => {
  const folder = openFolder();
  const path = join(folder.path, name);
  try {
    if (!existsSync(path)) {
      const part = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
      writeFileSync(part, Bun.zstdDecompressSync(readFileSync(typeof packed === 'string' ? packed : packed.default)), {
        mode: 0o500,
      });
      renameSync(part, path);
    }
    return require(path);
  } finally {
    if (folder.own) rmSync(folder.path, { recursive: true, force: true });
  }
};
