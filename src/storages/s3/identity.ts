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

/** An ETag as headers have it, without its quotes. */
export const bare = (etag: string | undefined): string => (etag ?? '').replace(/^"(.*)"$/s, '$1');

export const quoted = (etag: string): string => `"${etag}"`;
