/** One version of an object: its ETag without quotes, and the version's id in a bucket that keeps versions. */
export interface Version {
  etag: string;
  versionId?: string;
}

export const identityOf = ({ etag, versionId }: Version): string =>
  JSON.stringify(versionId === undefined ? [etag] : [etag, versionId]);

/** undefined for what is no object's identity. */
export const versionOf = (identity: string): Version | undefined => {
  try {
    const [etag, versionId] = JSON.parse(identity) as string[];
    return typeof etag === 'string' ? { etag, versionId } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Of an object as a listing and a HEAD both tell it; headers have seconds, listings of some servers less.
 * @param modifiedAt milliseconds
 */
export const stampOf = (etag: string, modifiedAt: number): string => `${etag}:${Math.floor(modifiedAt / 1000)}`;

/** An ETag as headers have it, without its quotes. */
export const bare = (etag: string | undefined): string => (etag ?? '').replace(/^"(.*)"$/s, '$1');

export const quoted = (etag: string): string => `"${etag}"`;

/** What a server says of a size, or of a time, as a number that can be kept; 0 for nonsense. */
export const sizeOf = (size: number | undefined): number =>
  size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : 0;
export const timeOf = (time: Date | undefined): number => sizeOf(time?.getTime());
