import creditCardType from 'credit-card-type';
import luhn from 'fast-luhn';
import type { Candidate, Detector } from './detector';
import { coverAll } from './mask';

/** Digits as cards have them, with one kind of separator between groups, none of them a part of something longer. */
const SHAPE =
  /(?<![\w.+/-])\d{4}([ \u00a0\u2011\u2013.-]?)(?:\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{6}\1\d{4,5}|\d{9,15})(?!\w|[.-]\d)/g;

/** Issuers whose numbers are short or of any length, so that many other numbers look like theirs. */
const BROAD = new Set(['maestro', 'elo', 'hiper', 'hipercard', 'verve']);

type Issuer = ReturnType<typeof creditCardType>[number];

/** The issuer whose range a number lies in. @param digits 13 to 19 of them */
const issuerOf = (digits: string): Issuer | undefined =>
  creditCardType(digits).find(({ lengths }) => lengths.includes(digits.length));

/** Whether its groups are those that the issuer prints: 4-4-4-4, 4-6-5 … */
const isPrinted = (text: string, separator: string, { gaps }: Issuer): boolean => {
  const groups = text.split(separator).map(({ length }) => length);
  let sum = 0;
  const ends = groups.slice(0, -1).map((length) => {
    sum += length;
    return sum;
  });
  return ends.every((end, i) => i >= gaps.length || end === gaps[i]);
};

const scoreOf = (separator: string, { type }: Issuer): number => {
  if (separator === '') return BROAD.has(type) ? 25 : 55;
  return separator === '.' ? 50 : 65;
};

const toCandidate = (start: number, text: string, separator: string): Candidate | undefined => {
  const value = separator === '' ? text : text.replaceAll(separator, '');
  const issuer = issuerOf(value);
  if (issuer === undefined || (separator !== '' && !isPrinted(text, separator, issuer))) return undefined;
  const isCard = luhn(value) && new Set(value).size > 1;
  const score = isCard ? scoreOf(separator, issuer) : 0;
  return { start, end: start + text.length, value, score, masked: coverAll(text, 4) };
};

/** Payment cards: lengths and ranges of the issuers (ISO/IEC 7812-1), and the check digit by Luhn. */
export const cards: Detector = {
  type: 'ccn',
  displayName: 'Credit Card Number',
  find: function* (text) {
    const shape = new RegExp(SHAPE);
    for (let match = shape.exec(text); match !== null; match = shape.exec(text)) {
      const candidate = toCandidate(match.index, match[0], match[1] ?? '');
      if (candidate !== undefined) yield candidate;
      // The first groups may belong to another number, and the card begin within.
      else shape.lastIndex = match.index + 4;
    }
  },
  words: {
    for: /card|credit|debit|visa|master|amex|american express|diners|discover|jcb|union ?pay|maestro|payment|\bpaid\b|\bpan\b|ccn|\bcc\b|cvv|cvc|expir|\bexp\b|valid thru|karte|carte|tarjeta/g,
    against:
      /order|tracking|serial|invoice|imei|isbn|\bean\b|\bupc\b|barcode|phone|\btel\b|\bfax\b|\bpart\b|\bsku\b|batch|\blot\b|ticket|shipment|parcel|\bmeter|reference|\bref\b|(?<!card[ -]?)member|loyalty|customer id|user ?id|account id|transaction|timestamp|checksum|version|\bs\/n\b|\bid\b/g,
  },
  weight: { for: 25, against: 40 },
  adjust: (different, lookalikes) => {
    // One in ten numbers of any kind passes Luhn: where most do not, those that do are no cards.
    if (lookalikes >= 4 && different < lookalikes) return -40;
    if (different >= 10) return 20;
    return different >= 3 ? 10 : 0;
  },
};
