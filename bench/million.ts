import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { newId } from '../src/core/id';
import { judgedBy } from '../src/core/judged';
import { detectionBits } from '../src/core/result';
import { WorkflowDefinition } from '../src/core/workflow';
import { loadInstanceKey } from '../src/store/instance-key';
import { createSeal } from '../src/store/seal';
import { openStore } from '../src/store/store';
import { post } from '../test/e2e/daemon';
import type { Corpus } from './corpus';
import { median, type Report, round } from './figures';
import { type Peak, quiet, watchMemory } from './measure';
import { type Serving, serve } from './serve';

export const FILES = Number(process.env.BENCH_FILES ?? 1_000_000);
/** Ids of files in the order of their numbers. */
const ID = `printf('019a0000-0000-7000-8000-%012x', n)`;

const ENGINE = { engineId: 'noop', engineName: 'No-op', status: 'clean', looksInside: true, scanTime: 3 };

/** Of a hundred files: so many are Failed, found to be threats, encrypted; the others are Allowed. */
const OUTCOMES = `CASE WHEN n % 100 < 2 THEN 'failed' WHEN n % 100 < 7 THEN 'threat' WHEN n % 100 < 8 THEN 'encrypted' ELSE 'allowed' END`;

/** Fills a store with one finished scan of files that are not there. @returns the scan's id */
export const fill = async (dataDir: string): Promise<string> => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const url = `file:${join(dataDir, 'assay.db')}`;
  const store = await openStore(url, createSeal(loadInstanceKey(dataDir)));
  const [scan, storage, workflow] = [newId(), newId(), newId()];
  const definition = WorkflowDefinition.parse({});
  await store.workflows.insert({ id: workflow, name: 'Default', revision: 1, definition, createdAt: 1 }, true);
  await store.storages.put({ id: storage, name: 'files', options: { kind: 'local', path: '/srv' }, createdAt: 1 });
  const of = { workflowId: workflow, workflowRevision: 1 };
  const about = { name: 'a million files', kind: 'scan', storageId: storage, storageName: 'files', path: '' } as const;
  await store.scans.insert({ id: scan, ...about, ...of, state: 'running', createdAt: 1 });
  await store.scans.markDiscovered(scan);
  await store.close();

  const client = createClient({ url });
  await client.execute('PRAGMA synchronous = OFF');
  const known = [{ engineId: ENGINE.engineId, definitions: { version: '1' }, settings: Bun.hash('{}').toString(36) }];
  const content = {
    size: 1,
    sha1: 'f'.repeat(40),
    md5: 'f'.repeat(32),
    type: { mime: 'application/pdf', description: 'PDF document', container: false },
  };
  const args = {
    scan,
    storage,
    workflow,
    now: Date.now(),
    files: FILES,
    judged: judgedBy(workflow, 1, known),
    older: judgedBy(workflow, 1, [{ ...known[0]!, definitions: { version: '0' } }]),
    threat: detectionBits(['Threat']),
    encrypted: detectionBits(['Encrypted']),
    detail: JSON.stringify({
      explanation: '',
      findings: { content, answers: [{ ...ENGINE, ...known[0] }], startedAt: 1, endedAt: 2 },
    }),
  };
  const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :files),
    rows AS MATERIALIZED (SELECT n, ${ID} AS id, ${OUTCOMES} AS outcome FROM numbers)`;
  const outcome = `iif(outcome = 'failed', 'Failed', 'Available'), CASE outcome WHEN 'failed' THEN NULL WHEN 'allowed' THEN 'Allowed' ELSE 'Blocked' END,
    CASE outcome WHEN 'failed' THEN 3 WHEN 'threat' THEN 1 WHEN 'encrypted' THEN 12 ELSE 0 END,
    CASE outcome WHEN 'threat' THEN :threat WHEN 'encrypted' THEN :encrypted ELSE 0 END`;
  const judged = `iif(n % 10 = 3, :older, :judged)`;
  await client.batch(
    [
      {
        sql: `${numbers} INSERT INTO files (id, scan_id, storage_id, path, size, modified_at, created_at, state, status, result_code, detections, processing_id, judged_with, workflow_id, processed_at)
          SELECT id, :scan, :storage, printf('/srv/department %03d/folder %03d/document %06d.pdf', n % 400, n / 400 % 500, n), 1 + n * 7919 % 1000003, 1, 1, ${outcome}, id, ${judged}, :workflow, 1 + n * 104729 % 1000033
          FROM rows`,
        args,
      },
      {
        sql: `${numbers} INSERT INTO processings (id, file_id, reason, workflow_id, workflow_revision, state, status, result_code, detections, attempts, queued_at, started_at, ended_at, sha256, content_key, detail)
          SELECT id, id, 'scan', :workflow, 1, ${outcome}, 1, 1, 1, :now, lower(hex(randomblob(32))), random() >> 12, :detail FROM rows`,
        args,
      },
      {
        sql: `INSERT INTO tallies (scan_id, state, status, detections, judged_with, files)
          SELECT scan_id, state, ifnull(status, ''), detections, judged_with, count(*) FROM files GROUP BY 1, 2, 3, 4, 5`,
        args: {},
      },
      {
        sql: `UPDATE scans SET total = :files, state = 'finished', finished_at = 2 WHERE id = :scan`,
        args,
      },
    ],
    'write',
  );
  client.close();
  return scan;
};

const cursorAt = (position: string) => Buffer.from(position).toString('base64url');
const idOf = (n: number) => `019a0000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const MIDDLE = Math.floor(FILES / 2);

/** Lists that people ask for, the costly ones among them. */
const LISTS: { [name: string]: string } = {
  'first page': '',
  'page in the middle': `cursor=${cursorAt(idOf(MIDDLE))}`,
  'by path, in the middle': `sort=path&cursor=${cursorAt(idOf(MIDDLE))}`,
  'by size, in the middle': `sort=-size&cursor=${cursorAt(`500000.${idOf(MIDDLE)}`)}`,
  'by time, in the middle': `sort=-processed&cursor=${cursorAt(`500000.${idOf(MIDDLE)}`)}`,
  Blocked: 'status=Blocked',
  'Blocked with a threat, by size': 'status=Blocked&detection=Threat&sort=-size',
  'Blocked, by path, in the middle': `status=Blocked&sort=path&cursor=${cursorAt(idOf(MIDDLE))}`,
  'a detection that none has': 'detection=Vulnerability',
  'a path that is rare': 'search=document%20999999',
  'a path that none has': 'search=nowhere&sort=-processed',
  'Failed, of a time of day': 'status=Failed&from=1970-01-01T00:08:20Z&to=1970-01-01T00:08:21Z',
};

const timed = async <T>(run: () => Promise<T>): Promise<{ answer: T; ms: number }> => {
  const begun = performance.now();
  const answer = await run();
  return { answer, ms: performance.now() - begun };
};

/** Each of them several times; the median. */
const measure = async ({ api }: Serving, path: string, init?: RequestInit): Promise<number> => {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { answer, ms } = await timed(() => api(path, init));
    if (answer.responseKey !== undefined) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    times.push(ms);
  }
  return median(times);
};

/** A report of a million files: its lists, its preview, and a rescan of all of it from the wish until every file is due, and cancelled then. */
export const million = async (_: Corpus): Promise<Report> => {
  const rows: string[][] = [];
  const figures: { [what: string]: number } = {};
  const add = (what: string, ms: number, goal = '') => {
    figures[what] = ms;
    rows.push([what, `${round(ms, ms < 100 ? 1 : 0)} ms`, goal]);
  };
  let scan = '';
  let size = 0;
  const config = { engines: { noop: {} }, plugins: [join(import.meta.dir, 'engines/noop.ts')] };
  const serving = await serve(config, async (dataDir) => {
    scan = await fill(dataDir);
    size = statSync(join(dataDir, 'assay.db')).size;
  });
  let peak: Peak | undefined;
  try {
    const { api } = serving;
    await quiet();
    const before = watchMemory(serving.pids, 20);
    add('the report itself', await measure(serving, `/api/scan/${scan}`));
    for (const [name, query] of Object.entries(LISTS)) {
      add(`list: ${name}`, await measure(serving, `/api/scan/${scan}/files?limit=100&${query}`));
    }
    const preview = `/api/scan/${scan}/reprocess/preview`;
    add('preview: all', await measure(serving, preview, post()), 'well under 1 s');
    add(
      'preview: Blocked with a threat',
      await measure(serving, preview, post({ status: ['Blocked'], detection: ['Threat'] })),
    );
    add('preview: outdated', await measure(serving, preview, post({ outdated: true })));
    const { answer: started, ms } = await timed(() => api(`/api/scan/${scan}/reprocess`, post()));
    add('submission of all, until it is accepted', ms, 'seconds');
    const { ms: planned } = await timed(async () => {
      for (let total = 0; total < FILES; ) {
        await Bun.sleep(50);
        total = (await api(`/api/rescan/${started.rescanId}`)).progress.total;
      }
    });
    add('… until every file is due', ms + planned);
    add('… and cancelled again', (await timed(() => api(`/api/rescan/${started.rescanId}/cancel`, post()))).ms);
    const few = await timed(async () => {
      const { rescanId } = await api(
        `/api/scan/${scan}/reprocess`,
        post({ status: ['Failed'], detection: ['Threat'] }),
      );
      while ((await api(`/api/rescan/${rescanId}`)).state === 'running') await Bun.sleep(20);
    });
    add('a rescan that takes none, to its end', few.ms);
    const failed = await timed(async () => {
      const { rescanId } = await api(`/api/scan/${scan}/reprocess`, post({ status: ['Failed'] }));
      while ((await api(`/api/rescan/${rescanId}`)).state === 'running') await Bun.sleep(20);
      return rescanId as string;
    });
    add('a rescan of what failed, 2 %, to its end', failed.ms);
    for (const query of [
      `rescanId=${failed.answer}`,
      `rescanId=${failed.answer}&change=gone`,
      'change=gone',
      'change=moved',
    ]) {
      const name = query.replace(failed.answer, 'that one');
      add(`list: ${name}`, await measure(serving, `/api/scan/${scan}/files?limit=100&${query}`));
    }
    peak = before.stop();
    figures.peak = peak.rss;
  } finally {
    await serving.stop();
  }
  return {
    title: `A report of ${FILES.toLocaleString('en')} files in a database of ${round(size / 1e9)} GB`,
    head: ['what', 'takes', 'goal'],
    rows,
    notes: [`Peak of daemon and engine host meanwhile: ${round(figures.peak! / 1e6, 0)} MB resident.`],
    figures,
  };
};
