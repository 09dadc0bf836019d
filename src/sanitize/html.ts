import { utf16Of } from '../content/text';
import type { Removed } from '../core/sanitized';
import { reachesOut } from './address';
import type { Sanitizer } from './contract';
import { isActing, removalOf } from './html-rules';
import { clearXhtml } from './xhtml';

/** The encoding that it is read in: UTF-16 by its first bytes, else what it says of itself, else UTF-8. */
const textOf = (document: Uint8Array): string => {
  const start = Buffer.from(document.buffer, document.byteOffset, Math.min(document.length, 1024)).toString('latin1');
  const said = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(utf16Of(document) ?? ((/^utf-?16/i.test(said) ? 'utf-8' : said) as 'utf-8')).decode(
      document,
    );
  } catch {
    throw new Error('It is written in an encoding that is not known here.');
  }
};

/** HTML pages: scripts, handlers, frames, forms' targets and whatever is loaded from elsewhere go; text, links and own pictures stay. */
export const html: Sanitizer = {
  id: 'html',
  sanitizes: ({ mime }) => mime === 'text/html' || mime === 'application/xhtml+xml',
  sanitize: async (document, { name }) => {
    const source = textOf(document);
    // Only XML has entities of a document's own, in which anything may hide.
    if (source.matchAll(/<!doctype[^>[]*(\[?)/gi).some(([, subset]) => subset))
      throw new Error('It declares entities of its own.');
    if (/\.(xhtml|xht|xml)$/i.test(name)) return clearXhtml(source);
    const removed: Removed[] = [];
    let style = '';
    const rewriter = new HTMLRewriter()
      .on('*', {
        element: (element) => {
          const tag = element.tagName.toLowerCase();
          if (isActing(tag)) {
            removed.push({ what: 'script', where: element.tagName });
            element.remove();
            return;
          }
          for (const [name, value] of [...element.attributes]) {
            const what = removalOf(tag, name.toLowerCase(), value);
            if (what === undefined) continue;
            removed.push({ what, where: (what === 'script' ? name : value).slice(0, 200) });
            element.removeAttribute(name);
          }
        },
      })
      .on('meta', {
        element: (element) => {
          const acts = element.getAttribute('http-equiv') !== null;
          if (acts && !/^content-type$/i.test(element.getAttribute('http-equiv') ?? '')) {
            removed.push({ what: 'action', where: (element.getAttribute('http-equiv') ?? '').slice(0, 200) });
          }
          if (acts || element.getAttribute('charset') !== null) element.remove();
        },
      })
      .on('style', {
        text: (chunk) => {
          style += chunk.text;
          chunk.remove();
          if (!chunk.lastInTextNode) return;
          if (reachesOut(style)) removed.push({ what: 'external link', where: 'style' });
          else chunk.after(style.replaceAll('</', ''), { html: true });
          style = '';
        },
      })
      .onDocument({ comments: (comment) => void comment.remove() });
    const text = rewriter.transform(source);
    return { content: new TextEncoder().encode(withCharset(text)), removed };
  },
};

// Right behind the declaration of the document type, where there is one: before it, browsers fall into another mode.
const withCharset = (text: string): string => {
  const doctype = /^\uFEFF?\s*<!doctype[^>]*>/i.exec(text)?.[0] ?? '';
  return `${doctype}<meta charset="utf-8">${text.slice(doctype.length).replace(/^\uFEFF/, '')}`;
};
