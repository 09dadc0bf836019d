const LANGUAGE = 'en';

const number = new Intl.NumberFormat(LANGUAGE);
const short = new Intl.NumberFormat(LANGUAGE, { maximumSignificantDigits: 3 });
const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });
const local = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });

/** 1234567 → "1,234,567". */
export const count = (n: number): string => number.format(n);

/** "1 file", "1,234 files". */
export const counted = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** 1234567 → "1.23 MB". */
export const bytes = (size: number): string => {
  let value = size;
  let unit = 0;
  // What would be shown as "1,000 KB" is a megabyte.
  while (value >= 999.5 && unit < SIZES.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${short.format(value)} ${SIZES[unit]}`;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds → "850 ms", "12 s", "3 min", "2 h 5 min", "4 days". */
export const duration = (ms: number): string => {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${short.format(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 2 * DAY) {
    const minutes = Math.round((ms % HOUR) / MINUTE);
    return `${Math.floor(ms / HOUR)} h${minutes > 0 ? ` ${minutes} min` : ''}`;
  }
  return counted(Math.round(ms / DAY), 'day');
};

/** How long ago a time was, "3 minutes ago". */
export const ago = (then: number, now: number): string => {
  const passed = then - now;
  const far = Math.abs(passed);
  if (far < MINUTE) return relative.format(Math.round(passed / SECOND), 'second');
  if (far < HOUR) return relative.format(Math.round(passed / MINUTE), 'minute');
  if (far < DAY) return relative.format(Math.round(passed / HOUR), 'hour');
  return relative.format(Math.round(passed / DAY), 'day');
};

/** A time of RFC 3339 as this computer's clock would say it. */
export const localTime = (time: string): string => local.format(new Date(time));

/** The same in UTC: "2026-01-31 12:00:00 UTC". */
export const utcTime = (time: string): string => `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
