/** What of HTML's names occurs between the digits and letters that somebody looks for. */
const NAMES: { [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  ndash: '-',
  mdash: '-',
  hyphen: '-',
  shy: '',
  zwj: '',
  zwnj: '',
  commat: '@',
  period: '.',
};
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi;
/** The longest entity. Characters. */
export const LONGEST_ENTITY = 12;

const characterOf = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** Puts characters in the place of entities, in XML and in HTML. */
export const decodeEntities = (text: string): string =>
  text.includes('&')
    ? text.replaceAll(ENTITY, (all, decimal?: string, hex?: string, name?: string) => {
        if (decimal !== undefined) return characterOf(Number(decimal));
        if (hex !== undefined) return characterOf(Number.parseInt(hex, 16));
        return NAMES[(name ?? '').toLowerCase()] ?? all;
      })
    : text;
