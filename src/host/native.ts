import { closeSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScratch } from '../content/scratch';

const unpacked = (packed: string): Uint8Array => Bun.zstdDecompressSync(readFileSync(packed));

/** Loads it from a file without a name, so that nothing is left behind whenever the program ends. */
const loadNameless = (bytes: Uint8Array): unknown => {
  // BUN_TMPDIR is where a host with a noexec /tmp keeps such things.
  const fd = createScratch(process.env.BUN_TMPDIR ?? tmpdir(), 0o700).keep(bytes);
  try {
    const module = { exports: {} as unknown };
    process.dlopen(module, `/proc/self/fd/${fd}`);
    return module.exports;
  } finally {
    closeSync(fd);
  }
};

/** Loads it from a folder that is this process's own and goes with it; all its threads load the same file. */
const loadFrom = (folder: string, name: string, packed: string): unknown => {
  const path = join(folder, name);
  if (!existsSync(path)) {
    const part = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
    writeFileSync(part, unpacked(packed), { mode: 0o500 });
    renameSync(part, path);
  }
  return require(path);
};

/**
 * Loads a native module that lies packed in the binary: the engine host from its private folder, other processes without leaving a file.
 * @param packed the packed module, as `build.ts` puts it into the binary
 */
export const unpackNative = (name: string, packed: string | { default: string }): unknown => {
  const file = typeof packed === 'string' ? packed : packed.default;
  const folder = process.env.ASSAY_NATIVE_DIR;
  return folder === undefined ? loadNameless(unpacked(file)) : loadFrom(folder, name, file);
};
