import { setImmediate as breathe } from 'node:timers/promises';
import { printable } from '../core/printable';
import { COLUMNS } from './columns';
import type { Entry } from './entry';
import type { Report } from './report';
import { createSheet, type Sheet } from './sheet';
import { aboutLines, caveats, closing, detectionLines, filterLines, statusLines } from './summary';

const TEXT = { size: 8 };
const CELL = { size: 6.5 };
const HEAD = { size: 6.5, weight: 'bold' } as const;
const GAP = 6;

const writeLists = (sheet: Sheet, lists: { title: string; lines: [string, string][] }[]): void => {
  const width = sheet.width / lists.length;
  const cells = (texts: [string, string][]) =>
    texts.flatMap(([name, value], at) => {
      const x = sheet.left + at * width;
      return [
        { text: name, x, width: 80 },
        { text: value, x: x + 84, width: width - 84 - GAP },
      ];
    });
  sheet.row(
    lists.map(({ title }, at) => ({ text: title, x: sheet.left + at * width, width })),
    { ...TEXT, weight: 'bold' },
  );
  const height = Math.max(...lists.map(({ lines }) => lines.length));
  for (let at = 0; at < height; at++) {
    sheet.row(cells(lists.map(({ lines }) => lines[at] ?? ['', ''])), TEXT);
  }
};

const toCells = (sheet: Sheet, textOf: (column: (typeof COLUMNS)[number]) => string) => {
  let x = sheet.left;
  return COLUMNS.map((column) => {
    const cell = { text: textOf(column), x, width: column.width - GAP };
    x += column.width;
    return cell;
  });
};

const writeHeading = (sheet: Sheet): void => {
  sheet.row(
    toCells(sheet, ({ title }) => title),
    HEAD,
  );
  sheet.gap(2);
  sheet.rule();
  sheet.gap(2);
};

const writeEntry = (sheet: Sheet, entry: Entry): void => {
  sheet.row(
    toCells(sheet, ({ text }) => text(entry)),
    CELL,
  );
  sheet.gap(1.5);
};

/** The report for people: what it is of, its counts, and every file, page after page. */
export async function* writePdf(report: Report): AsyncGenerator<Uint8Array, void> {
  const name = printable(report.scan.name);
  const sheet = createSheet(`Assay report: ${name}`, `Assay report of ${name}`, report.openedAt);
  sheet.paragraph('Assay report', { size: 18, weight: 'bold' });
  sheet.gap(8);
  const outcomes = await report.counts();
  writeLists(sheet, [
    { title: 'Scan', lines: aboutLines(report) },
    { title: 'Shown', lines: filterLines(report) },
    { title: 'By status', lines: statusLines(outcomes) },
    { title: 'By detection', lines: detectionLines(outcomes) },
  ]);
  sheet.gap(8);
  for (const caveat of caveats(report)) sheet.paragraph(caveat, TEXT);
  sheet.gap(10);
  writeHeading(sheet);
  sheet.setHeading(() => writeHeading(sheet));

  let listed = 0;
  let page = sheet.page();
  for await (const entries of report.entries()) {
    for (const entry of entries) {
      writeEntry(sheet, entry);
      listed++;
      if (sheet.page() === page) continue;
      page = sheet.page();
      yield sheet.take();
      await breathe();
    }
  }
  sheet.gap(6);
  for (const line of closing(report, listed, await report.recordedSince())) sheet.paragraph(line, TEXT);
  sheet.end();
  yield sheet.take();
}
