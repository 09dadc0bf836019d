import { decodeEntities, LONGEST_ENTITY } from './entities';
import { betweenOf, hasOnlyLooks } from './tags';

/** A longer one is no tag. Characters. */
const LONGEST_TAG = 64 * 1024;
/** How much of what stands in tags is kept until the text around them breaks. Characters. */
const MOST_BESIDE = 64 * 1024;
const NAME = /^\/?([A-Za-z_][\w:.-]{0,100})/;
/** A large number as a workbook keeps it. */
const LONGEST_NUMBER = 32;
const EXPONENT = /^\d\.\d{4,16}E\+?(\d{1,2})$/;

/** Strips markup piece by piece. */
const createStripper = () => {
  let root = '';
  let rest = '';
  let beside = '';

  const textOf = (text: string): string => {
    if (root === 'worksheet' && EXPONENT.test(text)) return Number(text).toFixed(0);
    return decodeEntities(text);
  };
  const flushBeside = (): string => {
    const flushed = beside === '' ? '' : `\n${decodeEntities(beside)}\n`;
    beside = '';
    return flushed;
  };
  /** What stands in the place of a tag. @param tag without its brackets */
  const replace = (tag: string): string => {
    const name = NAME.exec(tag)?.[1];
    // A declaration or an instruction: as text of its own.
    if (name === undefined) return `\n${tag}\n`;
    if (root === '') root = name;
    if (!hasOnlyLooks(name, root) && beside.length < MOST_BESIDE) {
      const inTag = tag.slice(tag.startsWith('/') ? name.length + 1 : name.length).trim();
      if (inTag.length > 1) beside += `${inTag}\n`;
    }
    const between = betweenOf(name, root);
    return between === '\n' ? `\n${flushBeside()}` : between;
  };

  /** @param last nothing follows any more */
  return (piece: string, last: boolean): string => {
    const text = rest + piece;
    const out: string[] = [];
    let at = 0;
    // Without a closing bracket behind it there is none behind any that follows, either.
    let mayClose = true;
    const takeText = (end: number) => {
      if (end > at) out.push(textOf(text.slice(at, end)));
      at = end;
    };
    while (at < text.length) {
      const open = text.indexOf('<', at);
      if (open < 0) break;
      takeText(open);
      if (text.startsWith('<!--', open) || text.startsWith('<![CDATA[', open)) {
        out.push('\n');
        at = open + (text[open + 2] === '-' ? 4 : 9);
        continue;
      }
      if (!last && text.length - open < 9) break;
      const isTag = /[A-Za-z/!?]/.test(text[open + 1] ?? '');
      const close = isTag && mayClose ? text.indexOf('>', open) : -1;
      if (isTag && close < 0) mayClose = false;
      if (close >= 0 && close - open <= LONGEST_TAG) {
        out.push(replace(text.slice(open + 1, close)));
        at = close + 1;
      } else if (isTag && close < 0 && !last && text.length - open <= LONGEST_TAG) break;
      else {
        out.push('<');
        at = open + 1;
      }
    }
    // An entity, a tag, or a workbook's number may go on in the next piece.
    const entity = text.lastIndexOf('&');
    const isOpen = text[at] === '<';
    const isCutNumber = !last && root === 'worksheet' && text.length - at < LONGEST_NUMBER;
    if (!isOpen && !isCutNumber)
      takeText(!last && entity >= at && text.length - entity < LONGEST_ENTITY ? entity : text.length);
    rest = text.slice(at);
    if (last) out.push(textOf(rest), flushBeside());
    return out.join('');
  };
};

/**
 * The text of XML and HTML of any quality: a text that markup cuts within a word is joined, and what stands in tags and comments is
 * given, too, beside it. Nothing is lost but the names of elements.
 */
export async function* markup(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  const strip = createStripper();
  for await (const piece of pieces) yield strip(piece, false);
  yield strip('', true);
}
