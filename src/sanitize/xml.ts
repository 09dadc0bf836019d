import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { utf16Of } from '../content/text';

export type Attribute = Pick<SaxesAttributeNS, 'name' | 'local' | 'uri' | 'value'>;

export interface Element {
  local: string;
  uri: string;
  attributes: Attribute[];
  /** The text right below it, once it ends. */
  text: string;
  /** Where it begins and ends in the source, once it ended. */
  start: number;
  end: number;
  parent?: Element;
}

/** What becomes of an element: it goes with all that is in it, or some of its attributes go. */
export type Cut = 'all' | ((attribute: Attribute) => boolean);

export interface XmlRules {
  /** Asked where an element begins. */
  begin?: (element: Element) => Cut | undefined;
  /** Told where it ends, when its text is known. */
  end?: (element: Element) => void;
}

/** Makes the rules for one document. `drop` has an element go with all that is in it, also long after it ended. */
export type MakeRules = (drop: (element: Element) => void) => XmlRules;

const ESCAPES: { [letter: string]: string } = { '&': '&amp;', '<': '&lt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };
const escaped = (value: string): string => value.replaceAll(/[&<"\n\t]/g, (letter) => ESCAPES[letter] ?? letter);

/** Text as XML documents are kept: UTF-8, or UTF-16. @throws for bytes that are neither */
export const decodeXml = (bytes: Uint8Array): string =>
  new TextDecoder(utf16Of(bytes) ?? 'utf-8', { fatal: true }).decode(bytes);

/** The same in UTF-8. An encoding that the declaration named is not told any more: without it, it is UTF-8. */
export const encodeXml = (source: string): Uint8Array =>
  new TextEncoder().encode(
    source.replace(/^\uFEFF?(<\?xml[^>]*?)(?<!\s)\s+encoding=(["'])[^"']*\2/, '$1').replace(/^\uFEFF/, ''),
  );

interface Edit {
  start: number;
  end: number;
  instead: string;
}

/** The source with edits made; what lies in another edit is gone with it. */
const apply = (source: string, edits: Edit[]): string => {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, instead } of edits.toSorted((x, y) => x.start - y.start || y.end - x.end)) {
    if (start < at) continue;
    parts.push(source.slice(at, start), instead);
    at = end;
  }
  parts.push(source.slice(at));
  return parts.join('');
};

/**
 * Cuts elements and attributes out of XML; all else stays letter by letter, but for document type declarations and processing
 * instructions: these can name other files.
 * @throws when it is not well-formed, so that nobody knows what a laxer program sees in it
 */
export const cutXml = (source: string, makeRules: MakeRules): string => {
  const parser = new SaxesParser({ xmlns: true });
  const edits: Edit[] = [];
  const dropped = new Set<Element>();
  const rules = makeRules((element) => dropped.add(element));
  let current: Element | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', (declaration) => {
    const start = source.indexOf('<!DOCTYPE');
    if (start >= 0) edits.push({ start, end: start + '<!DOCTYPE'.length + declaration.length + 1, instead: '' });
  });
  parser.on('processinginstruction', ({ target }) => {
    // It can name a style sheet elsewhere.
    const end = parser.position;
    edits.push({ start: source.lastIndexOf(`<?${target}`, end - 1), end, instead: '' });
  });
  parser.on('opentag', (tag: SaxesTagNS) => {
    const end = parser.position;
    // "<" stands in no attribute's value (XML 1.0, 2.3).
    const start = source.lastIndexOf('<', end - 1);
    const attributes = Object.values(tag.attributes);
    const element: Element = { local: tag.local, uri: tag.uri, attributes, text: '', start, end: 0, parent: current };
    current = element;
    const cut = rules.begin?.(element);
    if (cut === undefined) return;
    if (cut === 'all') {
      dropped.add(element);
      return;
    }
    const kept = attributes.filter((attribute) => !cut(attribute));
    if (kept.length === attributes.length) return;
    const inner = [tag.name, ...kept.map(({ name, value }) => `${name}="${escaped(value)}"`)].join(' ');
    edits.push({ start, end, instead: `<${inner}${tag.isSelfClosing ? '/' : ''}>` });
  });
  const addText = (text: string) => {
    if (current !== undefined) current.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = current as Element;
    element.end = parser.position;
    rules.end?.(element);
    current = element.parent;
  });
  parser.write(source);
  parser.close();
  for (const { start, end } of dropped) edits.push({ start, end, instead: '' });
  return apply(source, edits);
};
