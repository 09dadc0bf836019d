import type { Detector } from './detector';

const LOCAL = /[A-Za-z0-9._%+'-]/;
const DOMAIN = /[A-Za-z0-9.-]/;
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;

const letterOf = (address: string): string => `${address[0]}***${address.slice(address.lastIndexOf('@'))}`;

/** The address around an at sign (RFC 5321, without quoted forms). */
const addressAt = (text: string, at: number): [start: number, end: number] | undefined => {
  let start = at;
  while (at - start < LONGEST_LOCAL && LOCAL.test(text[start - 1] ?? '')) start--;
  let end = at + 1;
  while (end - at <= LONGEST_DOMAIN && DOMAIN.test(text[end] ?? '')) end++;
  while (/[.-]/.test(text[end - 1] ?? '')) end--;
  const domain = text.slice(at + 1, end);
  return start < at && /^[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}$/.test(domain)
    ? [start, end]
    : undefined;
};

/** E-mail addresses in bulk. @param least how many different ones of a file are reported */
export const createEmails = (least: number): Detector => ({
  type: 'email',
  displayName: 'E-mail Addresses',
  find: function* (text) {
    let last = 0;
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      const [start, end] = addressAt(text, at) ?? [];
      if (start === undefined || end === undefined || start < last) continue;
      last = end;
      const found = text.slice(start, end);
      yield { start, end, value: found.toLowerCase(), score: 60, masked: letterOf(found) };
    }
  },
  adjust: (different) => (different >= 10 * least ? 30 : different >= 2 * least ? 15 : 0),
  least,
});
