import type { Storage } from '../data/client';

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** How the paths of a storage begin. */
const topOf = (options: Storage['options']): string => {
  if (options.kind === 's3') return options.prefix;
  return options.path.endsWith('/') ? options.path : `${options.path}/`;
};

/** The folder of a path, as it is named from its storage's top on; undefined when the path does not begin as the storage's do. */
export const folderIn = ({ options }: Pick<Storage, 'options'>, path: string): string | undefined => {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const top = topOf(options);
  return folder.startsWith(top) ? folder.slice(top.length).replace(/\/$/, '') : undefined;
};

/** "a.txt" → "a (2).txt". */
export const numbered = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)} (2)${name.slice(dot)}` : `${name} (2)`;
};
