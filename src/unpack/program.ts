import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Unpacks an executable that lies packed in the binary, once for the engine host and all its threads. Returns its path.
 * @param packed the path of what `build.ts` put into the binary
 */
export const unpackProgram = (name: string, packed: string): string => {
  const folder = process.env.ASSAY_NATIVE_DIR;
  if (folder === undefined)
    throw new Error(`${name} is unpacked only in an engine host: there is no private folder here.`);
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const part = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  writeFileSync(part, Bun.zstdDecompressSync(readFileSync(packed)), { mode: 0o500 });
  renameSync(part, path);
  return path;
};
