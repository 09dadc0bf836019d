import { readFileSync } from 'node:fs';
import korean from '@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf' with { type: 'file' };
import chinese from '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf' with { type: 'file' };
import regular from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf' with { type: 'file' };
import bold from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf' with { type: 'file' };

/** The font of a document that names none; pdfkit's own are not in the binary. */
export const PLAIN_FONT = regular;

/** Where a character is looked for, in this order. A font is read only when the ones before it do not have a character. */
const FACES = { regular: [regular, chinese, korean], bold: [bold, chinese, korean] };

export type Weight = keyof typeof FACES;

/** What is used of pdfkit's embedded fonts, which its published types leave out. */
export interface Font {
  id: string;
  ref: () => unknown;
  encode: (text: string) => [codes: string[], positions: { xAdvance: number }[]];
  font: { hasGlyphForCodePoint: (point: number) => boolean };
}

interface WithFont {
  font: (name: string) => { _font: Font };
}

export interface Glyph {
  font: Font;
  /** The name under which the document has the font. */
  face: string;
  /** Hexadecimal, as a page's content has it. */
  code: string;
  /** In thousandths of the font's size. */
  width: number;
}

/** The glyphs of a document, each looked up once: the fonts' own layout takes a hundred times as long. */
export const createGlyphs = (doc: PDFKit.PDFDocument) => {
  const fonts = new Map<string, Font>();
  const fontOf = (path: string): Font => {
    let font = fonts.get(path);
    if (font === undefined) {
      doc.registerFont(path, readFileSync(path));
      font = (doc as unknown as WithFont).font(path)._font;
      fonts.set(path, font);
    }
    return font;
  };
  const find = (character: string, weight: Weight): Glyph | undefined => {
    const point = character.codePointAt(0) ?? 0;
    for (const face of FACES[weight]) {
      const font = fontOf(face);
      if (!font.font.hasGlyphForCodePoint(point)) continue;
      const [codes, positions] = font.encode(character);
      return { font, face, code: codes.join(''), width: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0) };
    }
    return undefined;
  };
  const known = {
    regular: new Map<string, Glyph | undefined>(),
    bold: new Map<string, Glyph | undefined>(),
  };
  return (character: string, weight: Weight): Glyph | undefined => {
    const glyphs = known[weight];
    if (!glyphs.has(character)) glyphs.set(character, find(character, weight));
    return glyphs.get(character);
  };
};

export type Glyphs = ReturnType<typeof createGlyphs>;
