import type { Removed } from '../core/sanitized';
import { isClickable, isOwnPicture, reachesOut } from './address';

/** Elements that run, hold or fetch something else; and those that programs take apart differently, so that something could hide in them. */
const ELEMENTS = new Set(
  'script iframe frame frameset object embed applet portal base link template noscript noembed noframes xmp plaintext svg math fencedframe'.split(
    ' ',
  ),
);

const LOADED = new Set([
  'src',
  'poster',
  'data',
  'background',
  'lowsrc',
  'dynsrc',
  'longdesc',
  'classid',
  'codebase',
  'manifest',
  'profile',
  'cite',
  'usemap',
]);
/** Lists of addresses, of which one alone is what it seems. */
const LISTS = new Set(['srcset', 'imagesrcset', 'archive']);
const SENT = new Set(['action', 'formaction', 'ping', 'srcdoc', 'attributionsrc']);

/** What an attribute does that must not stay, if anything. Names in small letters, values as they are written. */
export const removalOf = (element: string, name: string, value: string): Removed['what'] | undefined => {
  if (name.startsWith('on') || name === 'srcdoc') return 'script';
  if (SENT.has(name)) return 'form';
  if (name === 'href' || name === 'xlink:href') {
    return (element === 'a' || element === 'area') && isClickable(value) ? undefined : 'external link';
  }
  if (LOADED.has(name)) return isOwnPicture(value) || value.startsWith('#') ? undefined : 'external link';
  if (LISTS.has(name)) return 'external link';
  return name === 'style' && reachesOut(plainStyle(value)) ? 'external link' : undefined;
};

/** Rules as a browser reads them in an attribute. What else is written as an entity may hide something: it becomes an escape. */
const plainStyle = (value: string): string =>
  value
    .replaceAll(/&(quot|#34|#39|apos|amp);/gi, (_, name: string) => (name === 'amp' ? '&' : '"'))
    .replaceAll('&', '\\');

/** Whether an element goes with all that is in it; a prefix tells XML alone what it is. */
export const isActing = (tag: string): boolean => ELEMENTS.has(tag.slice(tag.indexOf(':') + 1));
