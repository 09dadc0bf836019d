import { getCountrySpecifications, isValidIBAN } from 'ibantools';
import type { Candidate, Detector } from './detector';
import { coverAfter } from './mask';

const START = /(?<![\p{L}\p{N}_])[A-Z]{2}\d{2}(?=[ \u00a0-]?[A-Z0-9])/gu;
const SEPARATOR = /[ \u00a0-]/;
const LETTER_OR_DIGIT = /[A-Z0-9]/;

const LENGTHS = new Map(
  Object.entries(getCountrySpecifications()).flatMap(([country, { chars, IBANRegistry }]) =>
    chars === null || !IBANRegistry ? [] : [[country, chars] as const],
  ),
);

/** Where a number of so many letters and digits ends, with a single separator between groups at most. */
const endOf = (text: string, start: number, length: number): number | undefined => {
  let left = length;
  for (let at = start; ; at++) {
    const character = text[at] ?? '';
    if (LETTER_OR_DIGIT.test(character)) {
      left -= 1;
      if (left === 0) return LETTER_OR_DIGIT.test(text[at + 1] ?? '') ? undefined : at + 1;
    } else if (!SEPARATOR.test(character) || !LETTER_OR_DIGIT.test(text[at + 1] ?? '')) return undefined;
  }
};

const toCandidate = (text: string, start: number): Candidate | undefined => {
  const length = LENGTHS.get(text.slice(start, start + 2));
  const end = length === undefined ? undefined : endOf(text, start, length);
  if (length === undefined || end === undefined) return undefined;
  const found = text.slice(start, end);
  const value = found.replaceAll(/[^A-Z0-9]/g, '');
  const groups = found.split(SEPARATOR);
  const isPrinted = groups.length > 1 && groups.slice(0, -1).every((group) => group.length === 4);
  const score = !isValidIBAN(value) ? 0 : groups.length > 1 && !isPrinted ? 40 : isPrinted ? 90 : 80;
  return { start, end, value, score, masked: coverAfter(found, 2) };
};

/** International bank account numbers (ISO 13616): the country's length and form, and the check digits modulo 97. */
export const iban: Detector = {
  type: 'iban',
  displayName: 'International Bank Account Number',
  find: function* (text) {
    for (const { index } of text.matchAll(START)) {
      const candidate = toCandidate(text, index);
      if (candidate !== undefined) yield candidate;
    }
  },
  words: {
    for: /iban|account|bank|bic|swift|konto|compte|cuenta/g,
    against: /\bpart\b|serial|\bsku\b|order|tracking|licen[cs]e|voucher|coupon/g,
  },
  weight: { for: 10, against: 40 },
};
