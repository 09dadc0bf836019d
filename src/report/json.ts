import { headOf } from './head';
import type { Report } from './report';

/** One JSON document; its `entries` are those of the list of files, a line each. */
export async function* writeJson(report: Report): AsyncGenerator<string, void> {
  const head = JSON.stringify(headOf(report)).slice(0, -1);
  yield `${head},"entries":[`;
  let total = 0;
  for await (const entries of report.entries()) {
    const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
    yield `${total === 0 ? '\n' : ',\n'}${lines}`;
    total += entries.length;
  }
  yield `\n],"total":${total},"recordedMeanwhile":${await report.recordedSince()}}\n`;
}
