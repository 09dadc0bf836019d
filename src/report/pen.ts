import { createGlyphs, type Glyph, type Weight } from './glyphs';

export interface Style {
  /** Points. */
  size: number;
  weight?: Weight;
}

/** Writing from right to left with the spaces in it, or a letter with marks on it: these only a font's own layout sets right. */
const SHAPED =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?: +[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*|[^\p{M}]\p{M}+/gu;
const MARK = /^\p{M}$/u;
/** After these a line may end; elsewhere only when there is none of them. */
const ENDS = new Set([...'/\\ -_.,;:']);

interface Run {
  text: string;
  shaped: boolean;
}

const runsOf = (text: string): Run[] => {
  const runs: Run[] = [];
  let at = 0;
  for (const match of text.matchAll(SHAPED)) {
    if (match.index > at) runs.push({ text: text.slice(at, match.index), shaped: false });
    runs.push({ text: match[0], shaped: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) runs.push({ text: text.slice(at), shaped: false });
  return runs;
};

/** Writes lines of text at places on a document's page. */
export const createPen = (doc: PDFKit.PDFDocument) => {
  const glyphOf = createGlyphs(doc);

  const widthOf = (character: string, { size, weight = 'regular' }: Style): number =>
    MARK.test(character) ? 0 : ((glyphOf(character, weight)?.width ?? 0) * size) / 1000;

  const put = (glyphs: Glyph[], x: number, y: number, size: number): number => {
    let right = x;
    for (let at = 0; at < glyphs.length; ) {
      const first = glyphs[at] as Glyph;
      let end = at;
      let codes = '';
      let width = 0;
      for (let glyph = glyphs[end]; glyph?.font === first.font; glyph = glyphs[++end]) {
        codes += glyph.code;
        width += glyph.width;
      }
      doc.page.fonts[first.font.id] ??= first.font.ref();
      // A page of pdfkit counts from its top: the text is turned upright again.
      doc.addContent(
        `BT 1 0 0 -1 ${right.toFixed(2)} ${y.toFixed(2)} Tm /${first.font.id} ${size} Tf <${codes}> Tj ET`,
      );
      right += (width * size) / 1000;
      at = end;
    }
    return right;
  };

  const putShaped = (text: string, x: number, y: number, { size, weight = 'regular' }: Style): number => {
    const face = glyphOf([...text][0] ?? '', weight)?.face;
    if (face === undefined) return x;
    // With features, even none, the words of a run are laid out together.
    doc.font(face).fontSize(size).text(text, x, y, { lineBreak: false, baseline: 'alphabetic', features: [] });
    return x + doc.widthOfString(text, { features: [] });
  };

  return {
    /** A text that has only what the fonts have; what they do not have is written as its number, so that no two names look the same. */
    legible: (text: string, weight: Weight = 'regular'): string => {
      let all = '';
      for (const character of text) {
        const known = glyphOf(character, weight) !== undefined;
        all += known ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
      }
      return all;
    },

    /** Breaks a legible text into lines of at most a width, in points. */
    wrap: (text: string, width: number, style: Style): string[] => {
      const lines: string[] = [];
      let line = '';
      let wide = 0;
      /** How much of the line may stay when it breaks, and how wide that is. */
      let kept = { length: 0, width: 0 };
      for (const character of text) {
        const own = widthOf(character, style);
        if (wide + own > width && line !== '') {
          const at = kept.length > 0 ? kept : { length: line.length, width: wide };
          lines.push(line.slice(0, at.length));
          line = line.slice(at.length);
          wide -= at.width;
          kept = { length: 0, width: 0 };
        }
        line += character;
        wide += own;
        if (ENDS.has(character)) kept = { length: line.length, width: wide };
      }
      return [...lines, line];
    },

    /** Writes a legible text; y is its baseline. */
    write: (text: string, x: number, y: number, style: Style): void => {
      const { size, weight = 'regular' } = style;
      let right = x;
      for (const run of runsOf(text)) {
        if (run.shaped) right = putShaped(run.text, right, y, style);
        else
          right = put(
            [...run.text].flatMap((character) => glyphOf(character, weight) ?? []),
            right,
            y,
            size,
          );
      }
    },
  };
};

export type Pen = ReturnType<typeof createPen>;
