import type { Removed } from '../core/sanitized';
import { reachesOut } from './address';
import type { Sanitized } from './contract';
import { isActing, removalOf } from './html-rules';
import { cutXml, encodeXml } from './xml';

/** A page that a browser reads as XML, by the ending of its name. @throws when it is not well-formed */
export const clearXhtml = (source: string): Sanitized => {
  const removed: Removed[] = [];
  const text = cutXml(source, (drop) => ({
    begin: ({ local, attributes }) => {
      const tag = local.toLowerCase();
      if (isActing(tag) || (tag === 'meta' && attributes.some((attribute) => attribute.local === 'http-equiv'))) {
        removed.push({ what: tag === 'meta' ? 'action' : 'script', where: local });
        return 'all';
      }
      const acting = attributes.filter(({ name, value }) => {
        const what = removalOf(tag, name.toLowerCase(), value);
        if (what !== undefined) removed.push({ what, where: (what === 'script' ? name : value).slice(0, 200) });
        return what !== undefined;
      });
      return acting.length === 0 ? undefined : (attribute) => acting.includes(attribute);
    },
    end: (element) => {
      if (element.local.toLowerCase() !== 'style' || !reachesOut(element.text)) return;
      removed.push({ what: 'external link', where: 'style' });
      drop(element);
    },
  }));
  return { content: encodeXml(text), removed };
};
