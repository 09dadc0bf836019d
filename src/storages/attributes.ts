import { type BigIntStats, fchmodSync, fchownSync, fstatSync } from 'node:fs';
import { z } from 'zod';
import type { Kernel } from './kernel';

/** What a local file has beside its content. Times in nanoseconds, as text; extended attributes by name, in base64. */
const Attributes = z.object({
  kind: z.literal('local'),
  uid: z.number(),
  gid: z.number(),
  mode: z.number(),
  accessed: z.string(),
  modified: z.string(),
  extended: z.record(z.string(), z.string()),
});

/** Those of users, and access lists; what the kernel itself gives (labels, capabilities) it gives anew. */
const isKept = (name: string): boolean => name.startsWith('user.') || name === 'system.posix_acl_access';

/** Owner, mode, times and extended attributes of an open file, as text. */
export const readAttributes = (kernel: Kernel, fd: number, stat: BigIntStats): string => {
  const extended: { [name: string]: string } = {};
  for (const name of kernel.listAttributes(fd).filter(isKept)) {
    const value = kernel.getAttribute(fd, name);
    if (value !== undefined) extended[name] = Buffer.from(value).toString('base64');
  }
  const attributes: z.infer<typeof Attributes> = {
    kind: 'local',
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mode: Number(stat.mode & 0o7777n),
    accessed: String(stat.atimeNs),
    modified: String(stat.mtimeNs),
    extended,
  };
  return JSON.stringify(attributes);
};

const isCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes(String((error as { code?: string }).code));

/** Bits that lend the owner's rights to whoever runs the file. */
const SET_ID = 0o6000;

/**
 * Gives an open file what another one had; what another kind of storage wrote says nothing of it.
 * @param exact all of it or nothing; else a copy is Assay's own where it may not be given away, lends no rights, and does without the
 *   extended attributes that its file system does not take
 */
export const writeAttributes = (kernel: Kernel, fd: number, attributes: string, exact: boolean): void => {
  const read = Attributes.safeParse(JSON.parse(attributes));
  if (!read.success) return;
  const { uid, gid, mode, accessed, modified, extended } = read.data;
  const unlessExact = (act: () => void, ...codes: string[]): void => {
    try {
      act();
    } catch (error) {
      if (exact || !isCode(error, ...codes)) throw error;
    }
  };
  const now = fstatSync(fd);
  if (now.uid !== uid || now.gid !== gid) unlessExact(() => fchownSync(fd, uid, gid), 'EPERM');
  for (const [name, value] of Object.entries(extended)) {
    const bytes = Buffer.from(value, 'base64');
    unlessExact(() => kernel.setAttribute(fd, name, bytes), 'EPERM', 'ENOTSUP', 'EOPNOTSUPP');
  }
  fchmodSync(fd, exact ? mode : mode & ~SET_ID);
  kernel.setTimes(fd, BigInt(accessed), BigInt(modified));
};
