import PDFDocument from 'pdfkit';
import { PLAIN_FONT } from './glyphs';
import { createPen, type Style } from './pen';

const MARGIN = 36;
const WIDTH = 841.89;
const HEIGHT = 595.28;
const BOTTOM = HEIGHT - MARGIN - 14;
const FOOT: Style = { size: 7 };

/** A document of numbered pages that is written from top to bottom. Lengths in points. */
export const createSheet = (title: string, foot: string, madeAt: number) => {
  const doc = new PDFDocument({
    size: [WIDTH, HEIGHT],
    margin: 0,
    autoFirstPage: false,
    font: PLAIN_FONT,
    // It would keep every word of the document.
    fontLayoutCache: false,
    lang: 'en',
    info: { Title: title, Producer: 'Assay', Creator: 'Assay', CreationDate: new Date(madeAt) },
  });
  const pen = createPen(doc);
  let page = 0;
  let y = 0;
  let onPage = (): void => {};

  const line = (from: number, to: number, at: number) => {
    doc.moveTo(from, at).lineTo(to, at).lineWidth(0.25).strokeColor('#999999').stroke();
  };

  const turn = () => {
    doc.addPage();
    page++;
    const [left = ''] = pen.wrap(pen.legible(foot), WIDTH - 2 * MARGIN - 80, FOOT);
    pen.write(left, MARGIN, HEIGHT - MARGIN, FOOT);
    pen.write(`Page ${page}`, WIDTH - MARGIN - 40, HEIGHT - MARGIN, FOOT);
    y = MARGIN;
    onPage();
  };
  turn();

  /** Moves down by a height, onto a new page where this one is full. Returns the baseline there. */
  const down = (height: number): number => {
    if (y + height > BOTTOM) turn();
    y += height;
    return y - height * 0.25;
  };

  return {
    left: MARGIN,
    width: WIDTH - 2 * MARGIN,
    page: () => page,
    gap: (height: number) => {
      y += height;
    },
    rule: () => line(MARGIN, WIDTH - MARGIN, y),
    /** What is written at the top of each page from the next one on. */
    setHeading: (write: () => void) => {
      onPage = write;
    },

    paragraph: (text: string, style: Style) => {
      const lines = pen.wrap(pen.legible(text, style.weight), WIDTH - 2 * MARGIN, style);
      for (const one of lines) pen.write(one, MARGIN, down(style.size * 1.35), style);
    },

    /** Cells beside each other; what is too long goes on below, and on the next page. */
    row: (cells: { text: string; x: number; width: number }[], style: Style) => {
      const columns = cells.map(({ text, x, width }) => ({
        x,
        lines: pen.wrap(pen.legible(text, style.weight), width, style),
      }));
      const height = Math.max(...columns.map(({ lines }) => lines.length));
      for (let at = 0; at < height; at++) {
        const baseline = down(style.size * 1.3);
        for (const { x, lines } of columns) {
          const text = lines[at];
          if (text) pen.write(text, x, baseline, style);
        }
      }
    },

    end: () => doc.end(),

    /** The bytes that are ready. */
    take: (): Uint8Array => {
      const parts: Uint8Array[] = [];
      for (let part = doc.read(); part !== null; part = doc.read()) parts.push(part);
      return Buffer.concat(parts);
    },
  };
};

export type Sheet = ReturnType<typeof createSheet>;
