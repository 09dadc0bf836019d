import { Fault, type FaultCode } from '../core/fault';

interface Meaning {
  code: FaultCode;
  says: string;
  hint?: string;
}

const MOVED: Meaning = {
  code: 'FILE_CHANGED',
  says: 'a folder on the way to it is a link now, or no folder any more; links are not followed',
};
const FULL: Meaning = {
  code: 'DISK_FULL',
  says: 'there is no room left on that disk',
  hint: 'Free some space there, and look at the file again.',
};
const AWAY: Omit<Meaning, 'says'> = {
  code: 'STORAGE_UNREACHABLE',
  hint: 'Check that the storage is mounted and its server answers.',
};

const MEANINGS: { [code: string]: Meaning } = {
  ENOENT: { code: 'NOT_FOUND', says: 'it is not there any more' },
  ELOOP: MOVED,
  ENOTDIR: MOVED,
  EACCES: {
    code: 'FORBIDDEN',
    says: 'permission denied',
    hint: 'Let the user that Assay runs as write to that folder; for the systemd unit see ReadWritePaths.',
  },
  EPERM: {
    code: 'FORBIDDEN',
    says: 'operation not permitted',
    hint: 'It may be immutable ("lsattr" tells), or belong to somebody else in a folder where each may take away only their own.',
  },
  EROFS: {
    code: 'FORBIDDEN',
    says: 'the file system is mounted read-only',
    hint: 'Mount it for writing; for the systemd unit see ReadWritePaths.',
  },
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: { code: 'NOT_POSSIBLE', says: 'it is larger than the file system takes' },
  ENAMETOOLONG: { code: 'NOT_POSSIBLE', says: 'its name, or its path, is longer than the file system takes' },
  EILSEQ: { code: 'NOT_POSSIBLE', says: 'the file system does not take its name' },
  ENOTSUP: { code: 'NOT_POSSIBLE', says: 'the file system cannot do that' },
  EOPNOTSUPP: { code: 'NOT_POSSIBLE', says: 'the file system cannot do that' },
  EIO: { ...AWAY, says: 'the disk or the server of the storage failed (EIO)' },
  ESTALE: { ...AWAY, says: 'the server of the storage forgot it (ESTALE)' },
  ENOTCONN: { ...AWAY, says: 'the storage is not connected (ENOTCONN)' },
  ETIMEDOUT: { ...AWAY, says: 'the server of the storage does not answer (ETIMEDOUT)' },
  EHOSTDOWN: { ...AWAY, says: 'the server of the storage is down (EHOSTDOWN)' },
};

/** What a system call said of an act, in words that help. An error without a code is a bug and comes back as it was. */
export const toActFault = (error: unknown, what: string): unknown => {
  if (error instanceof Fault) return error;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return error;
  const { code: fault, says, hint } = MEANINGS[code] ?? { code: 'NOT_POSSIBLE' as const, says: code, hint: undefined };
  return new Fault(fault, `${what}: ${says}.`, { hint, cause: error });
};

export const changed = (path: string): Fault =>
  new Fault('FILE_CHANGED', `${path} is not what was looked into any more; it was left as it is.`, {
    hint: 'Look at the file again.',
  });

export const gone = (path: string): Fault => new Fault('NOT_FOUND', `${path} is not there any more.`);
