import type { Storage } from '../data/client';

/** Where a storage is, in a line. */
export const addressOf = ({ options }: Storage): string => {
  if (options.kind === 'local') return options.path;
  const at = options.endpoint === undefined ? '' : ` at ${options.endpoint}`;
  return `s3://${options.bucket}/${options.prefix}${at}`;
};
