import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startClamd } from '../test/servers/clamd';
import { type Corpus, scratch } from './corpus';
import { createRandom } from './corpus/random';
import { type Report, RUN_HEAD, type Run, round, runRow, summary } from './figures';
import { childrenOf, commandOf, quiet } from './measure';
import { makeRules } from './rules';
import { type Measured, type Serving, serve } from './serve';

const LISTED = 100_000;
/** Histories that are asked for at once. */
const AT_ONCE = 16;

/** Of each engine, how many of its answers in one processing of all files were given then, and how many earlier. */
type Answers = { [engine: string]: { new: number; reused: number } };

const writeList = (path: string, entries: number): void => {
  const random = createRandom('hashes');
  writeFileSync(path, Array.from({ length: entries }, () => `${random.bytes(32).toString('hex')}\n`).join(''));
};

const fileIds = async ({ api }: Serving, scanId: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: any = await api(`/api/scan/${scanId}/files?limit=1000${cursor && `&cursor=${cursor}`}`);
    ids.push(...page.entries.map(({ id }: { id: string }) => id));
    cursor = page.nextCursor;
  }
  return ids;
};

/** Counts by the history of each file, as anybody can read it. @returns one for each processing, the oldest first */
const countAnswers = async (serving: Serving, scanId: string): Promise<Answers[]> => {
  const ids = await fileIds(serving, scanId);
  const counts: Answers[] = [];
  const count = async (id: string) => {
    const { entries } = await serving.api(`/api/file/${id}/history?limit=1000`);
    entries.toReversed().forEach(({ engines }: any, place: number) => {
      counts[place] ??= {};
      for (const { engId, answered } of engines) {
        counts[place]![engId] ??= { new: 0, reused: 0 };
        counts[place]![engId]![answered === undefined ? 'new' : 'reused'] += 1;
      }
    });
  };
  const lane = async () => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) await count(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return counts;
};

const told = (answers: Answers): string =>
  Object.entries(answers)
    .map(([engine, { new: given, reused }]) => `${engine} ${given} new and ${reused} reused`)
    .join(', ');

/** Three engines over the small files: the first scan, and rescans of the same report with nothing changed, with one engine changed, and by force. */
export const rescan = async (corpus: Corpus, runs: number): Promise<Report> => {
  const folder = scratch('rescan');
  const clamd = await startClamd();
  try {
    const pid = childrenOf(process.pid).find((child) => commandOf(child).includes(clamd.config))!;
    const also = { clamd: pid };
    const rules = join(folder.path, 'rules.yar');
    const list = join(folder.path, 'list.txt');
    writeFileSync(rules, makeRules(1000));
    const config = {
      engines: {
        yara: { rules: [rules], builtIn: false },
        hashes: { block: [list] },
        clamav: { socket: clamd.socket, config: clamd.config },
      },
    };
    const measured = { first: [] as Run[], unchanged: [] as Run[], changed: [] as Run[], forced: [] as Run[] };
    let answers: Answers[] = [];

    for (let run = 0; run < runs; run++) {
      writeList(list, LISTED);
      const serving = await serve(config);
      const storage = await serving.addStorage(corpus.small.path);
      await quiet();
      const first: Measured = await serving.scan(storage, also);
      measured.first.push(first);
      await quiet();
      measured.unchanged.push(await serving.rescan(first, {}, also));
      writeList(list, LISTED + 1);
      await serving.api('/api/engine/hashes/reload', { method: 'POST' });
      await quiet();
      measured.changed.push(await serving.rescan(first, {}, also));
      await quiet();
      measured.forced.push(await serving.rescan(first, { force: true }, also));
      answers = await countAnswers(serving, first.id);
      await serving.stop();
    }

    const figures = {
      first: summary(measured.first),
      unchanged: summary(measured.unchanged),
      changed: summary(measured.changed),
      forced: summary(measured.forced),
      answers,
    };
    const [ofFirst = {}, ofUnchanged = {}, ofChanged = {}, ofForced = {}] = answers;
    return {
      title: 'Rescan: yara with 1,000 rules, hashes and clamav; ratios to the first scan (goal unchanged: 10 or more)',
      head: RUN_HEAD,
      rows: [
        runRow('first scan', figures.first),
        runRow('rescan, nothing changed', figures.unchanged, figures.first),
        runRow('rescan, the hash list changed', figures.changed, figures.first),
        runRow('rescan by force', figures.forced, figures.first),
      ],
      notes: [
        `Answers of the first scan: ${told(ofFirst)}; with nothing changed: ${told(ofUnchanged)}; with another hash list: ${told(ofChanged)}; by force: ${told(ofForced)}.`,
        `Peak of daemon and engine host: ${round(figures.first.peak / 1e6, 0)} MB resident.`,
      ],
      figures,
    };
  } finally {
    await clamd.remove();
    folder.remove();
  }
};
