import { readFileSync, realpathSync } from 'node:fs';

/** What clamd looks at before it gives a file up; sizes in bytes, time in milliseconds, 0 for none. */
export interface Limits {
  maxFileSize: number;
  maxScanSize: number;
  maxScanTime: number;
  /** The most that INSTREAM takes; undefined when unknown. */
  streamMaxLength?: number;
}

/** What a readable clamd.conf tells. */
export interface ClamdConfig {
  limits: Partial<Limits>;
  databaseDirectory?: string;
}

const MIB = 1024 ** 2;

/** clamd's defaults since ClamAV 1.0, from clamd.conf(5). */
export const DEFAULT_LIMITS: Limits = { maxFileSize: 100 * MIB, maxScanSize: 400 * MIB, maxScanTime: 120_000 };

/** libclamav looks into nothing of 2 GiB or more, whatever its limits say. */
const LIBCLAMAV_MAX = 2 ** 31 - 3;

const UNITS: Record<string, number> = { '': 1, K: 1024, M: MIB, G: 1024 ** 3 };

const number = (text: string | undefined): number | undefined => {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/i.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit.toUpperCase()] ?? 1);
};

const settingsIn = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/^[ \t]*([A-Za-z]\w*)[ \t]+(.*?)[ \t]*$/gm)].map(([, key = '', value = '']) => [
      key,
      value.replace(/^"(.*)"$/, '$1'),
    ]),
  );

const present = <T extends object>(all: T): Partial<T> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<T>;

const samePath = (a: string, b: string): boolean => {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return a === b;
  }
};

/** Reads a clamd.conf; with `socket`, undefined unless it is the configuration of the clamd on that socket. Throws when it cannot be read. */
export const loadConfig = (path: string, socket?: string): ClamdConfig | undefined => {
  const settings = settingsIn(readFileSync(path, 'utf8'));
  if (socket !== undefined && !samePath(settings.get('LocalSocket') ?? '', socket)) return undefined;
  return {
    databaseDirectory: settings.get('DatabaseDirectory') ?? '/var/lib/clamav',
    limits: present({
      maxFileSize: number(settings.get('MaxFileSize')),
      maxScanSize: number(settings.get('MaxScanSize')),
      maxScanTime: number(settings.get('MaxScanTime')),
      streamMaxLength: number(settings.get('StreamMaxLength')) ?? 100 * MIB,
    }),
  };
};

const human = (bytes: number): string => (bytes >= MIB ? `${Math.floor(bytes / MIB)} MiB` : `${bytes} bytes`);

/**
 * Why clamd's "OK" for a file of this size that took this long says nothing; undefined when it can be believed. Without
 * AlertExceedsMax, clamd says "OK" also to what it did not look at.
 */
export const whyNotLooked = (size: number, took: number, limits: Limits, alerts: boolean): string | undefined => {
  if (size > LIBCLAMAV_MAX) return `larger than the ${human(LIBCLAMAV_MAX)} that clamd can look into`;
  if (alerts) return undefined;
  if (limits.maxFileSize > 0 && size > limits.maxFileSize)
    return `larger than clamd's MaxFileSize of ${human(limits.maxFileSize)}`;
  if (limits.maxScanSize > 0 && size > limits.maxScanSize)
    return `larger than clamd's MaxScanSize of ${human(limits.maxScanSize)}`;
  if (limits.maxScanTime > 0 && took >= limits.maxScanTime)
    return `longer than clamd's MaxScanTime of ${limits.maxScanTime} ms`;
  return undefined;
};
