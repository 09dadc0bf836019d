import type { BigIntStats } from 'node:fs';

/** By which a local file is told from every other, and from what it was before it was written to: `dev:ino:size:mtimeNs`. */
export const identityOf = ({ dev, ino, size, mtimeNs }: BigIntStats): string => `${dev}:${ino}:${size}:${mtimeNs}`;
