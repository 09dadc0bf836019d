import type { Removed } from '../core/sanitized';
import { isClickable } from './address';

const ADDRESS = /\s((?:[\w-]+:)?(?:href|src|althref))\s*=\s*("[^"]*"|'[^']*')/gi;

/** Whether a drawing in VML fetches something by an attribute, or leads to something but a page. Only a plain "href" is a link to click. */
export const isFetched = (attribute: string, address: string): boolean => {
  const name = attribute.toLowerCase();
  if (name === 'href') return !isClickable(address);
  return /(^|:)(href|src|althref)$/.test(name) && !address.startsWith('#');
};

/** Takes such attributes out of a drawing, which need not be well-formed. */
export const clearDrawing = (source: string, removed: Removed[]): string =>
  source.replace(ADDRESS, (whole, attribute: string, quoted: string) => {
    const address = quoted.slice(1, -1);
    if (!isFetched(attribute, address)) return whole;
    removed.push({ what: 'external link', where: address.slice(0, 200) });
    return '';
  });
