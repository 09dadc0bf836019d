import { z } from 'zod';

const DURATIONS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZES = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;

const parserOf =
  (units: Record<string, number>) =>
  (text: string): number | undefined => {
    const match = /^(\d+(?:\.\d+)?) ?([a-zA-Z]+)$/.exec(text.trim());
    const factor = match?.[2] === undefined ? undefined : units[match[2]];
    return match && factor !== undefined ? Math.round(Number(match[1]) * factor) : undefined;
  };

/** Reads "250ms", "30s", "5m", "2h" or "7d" as milliseconds; undefined when it is none of these. */
export const parseDuration = parserOf(DURATIONS);

/** Reads "512B", "64kB", "100MB", "4GB" (powers of 1000) or "4GiB" (powers of 1024) as bytes; undefined when it is none of these. */
export const parseSize = parserOf(SIZES);

const human = (parse: (text: string) => number | undefined, units: Record<string, number>, expected: string) =>
  z
    .union(
      [
        z.number().int().nonnegative(),
        z
          .string()
          .regex(new RegExp(`^\\d+(\\.\\d+)? ?(${Object.keys(units).join('|')})$`))
          .transform((text) => parse(text) ?? 0),
      ],
      { error: `expected ${expected}` },
    )
    .refine(Number.isSafeInteger, `expected ${expected}, less than 2^53`);

/** A duration as people write it; milliseconds within. */
export const duration = () => human(parseDuration, DURATIONS, 'a duration such as 30s, 5m or 2h (or milliseconds)');

/** A size as people write it; bytes within. */
export const size = () => human(parseSize, SIZES, 'a size such as 100MB or 4GiB (or bytes)');

/** A path of this host. A relative one starts at the configuration file's folder, or at the working directory outside a file. */
export const path = () => z.string().min(1).meta({ format: 'path' });

const LISTEN = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]*):(\d{1,5})$/;

/** Takes "127.0.0.1:8787", "[::1]:8787" or ":8787" (all addresses) apart; undefined when it is none of these. */
export const parseListen = (text: string): { hostname: string; port: number } | undefined => {
  const match = LISTEN.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) return undefined;
  return { hostname: match[1]?.replace(/^\[|\]$/g, '') || '0.0.0.0', port };
};

/** An address to listen on. */
export const listen = () =>
  z.string().refine((text) => parseListen(text) !== undefined, 'expected HOST:PORT, such as 127.0.0.1:8787');
