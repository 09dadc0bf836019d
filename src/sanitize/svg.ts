import type { Removed } from '../core/sanitized';
import { isClickable, isOwnPicture, reachesOut } from './address';
import type { Sanitizer } from './contract';
import { type Attribute, type Cut, cutXml, decodeXml, type Element, encodeXml } from './xml';

/** Elements that run, hold or fetch something else (SVG 2, HTML). */
const ACTING = new Set([
  'script',
  'foreignobject',
  'iframe',
  'object',
  'embed',
  'handler',
  'listener',
  'audio',
  'video',
]);

const isLink = ({ local }: Attribute): boolean => local.toLowerCase() === 'href' || local.toLowerCase() === 'src';

const isActing = ({ local: element }: Element, attribute: Attribute): boolean => {
  const name = attribute.local.toLowerCase();
  if (name.startsWith('on')) return true;
  if (isLink(attribute)) {
    const { value } = attribute;
    if (value.startsWith('#')) return false;
    return element.toLowerCase() === 'a' ? !isClickable(value) : !isOwnPicture(value);
  }
  return name === 'base' || reachesOut(/url\s*\(/i.test(attribute.value) || name === 'style' ? attribute.value : '');
};

/** An animation can make a link or a script of what was none. */
const animatesLink = ({ attributes }: Element): boolean =>
  attributes.some(({ local, value }) => local === 'attributeName' && /href$|^on|^src$/i.test(value.trim()));

/** SVG pictures: scripts, handlers, embedded pages and references to elsewhere go. */
export const svg = {
  id: 'svg',
  sanitizes: ({ mime }) => mime === 'image/svg+xml',
  sanitize: async (document) => {
    const removed: Removed[] = [];
    const begin = (element: Element): Cut | undefined => {
      if (ACTING.has(element.local.toLowerCase()) || animatesLink(element)) {
        removed.push({ what: 'script', where: element.local });
        return 'all';
      }
      const acting = element.attributes.filter((attribute) => isActing(element, attribute));
      for (const { local, value } of acting) {
        const isHandler = local.toLowerCase().startsWith('on');
        removed.push({ what: isHandler ? 'script' : 'external link', where: isHandler ? local : value.slice(0, 200) });
      }
      return acting.length === 0 ? undefined : (attribute) => acting.includes(attribute);
    };
    const cut = cutXml(decodeXml(document), (drop) => ({
      begin,
      end: (element) => {
        if (element.local.toLowerCase() !== 'style' || !reachesOut(element.text)) return;
        removed.push({ what: 'external link', where: 'style' });
        drop(element);
      },
    }));
    return { content: encodeXml(cut), removed };
  },
} satisfies Sanitizer;
