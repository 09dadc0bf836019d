import type { Storage } from '../data/client';

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * The folder of a path, as a restore takes it: from the storage's top on, of a bucket the beginning of the key. Undefined when the path is not
 * of that storage.
 */
export const folderIn = ({ options }: Pick<Storage, 'options'>, path: string): string | undefined => {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  if (options.kind === 's3') return path.startsWith(options.prefix) ? folder.replace(/\/$/, '') : undefined;
  const top = options.path.endsWith('/') ? options.path : `${options.path}/`;
  return folder.startsWith(top) ? folder.slice(top.length).replace(/\/$/, '') : undefined;
};

/** "a.txt" → "a (2).txt". */
export const numbered = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)} (2)${name.slice(dot)}` : `${name} (2)`;
};
