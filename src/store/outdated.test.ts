import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, takes } from '../core/filter';
import { newId } from '../core/id';
import { isOutdated, judgedBy, judgedWith } from '../core/judged';
import { DETECTIONS, type Detection, StatusFilter } from '../core/result';
import { createSeal } from './seal';
import { openStore, type Store } from './store';

const folder = mkdtempSync(join(tmpdir(), 'assay-outdated-'));
let store: Store;

/** The same on each run. */
const createDice = (seed: number) => {
  let state = seed;
  return (sides: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
};

// Names that begin alike, and with what LIKE and GLOB take for more than itself.
const WORKFLOWS = ['w', 'w%', 'w_', 'ww', 'W', 'w@1'];
const REVISIONS = [1, 10, 2];
const knowledgeOf = (version: number) =>
  version === 0 ? [] : [{ engineId: 'e', definitions: { version: String(version) }, settings: 's' }];
const OUTCOMES = [
  { state: 'Available', status: 'Allowed' },
  { state: 'Available', status: 'Blocked' },
  { state: 'FailedRemediation', status: 'Allowed' },
  { state: 'FailedRemediation', status: 'Blocked' },
  { state: 'Failed' },
] as const;

beforeAll(async () => {
  store = await openStore(`file:${join(folder, 'assay.db')}`, createSeal(new Uint8Array(32)));
  await store.scans.insert({
    id: 'scan',
    name: 's',
    kind: 'scan',
    state: 'running',
    storageId: 'x',
    storageName: 'x',
    path: '',
    workflowId: 'w',
    workflowRevision: 1,
    createdAt: 1,
  });
  const dice = createDice(7);
  for (const workflowId of WORKFLOWS) {
    for (const workflowRevision of REVISIONS) {
      const by = { scanId: 'scan', storageId: 'x', reason: 'scan' as const, workflowId, workflowRevision };
      const found = Array.from({ length: 40 }, (_, i) => ({
        path: `/${workflowId}/${workflowRevision}/${i}`,
        size: 1,
        modifiedAt: 1,
      }));
      await store.work.addFound(by, found, 1);
      const due = await store.work.take('lease', 'scan', 100, 2, false);
      await store.work.record(
        due.map((one) => ({
          ...one,
          id: one.processingId,
          verdict: {
            ...OUTCOMES[dice(OUTCOMES.length)]!,
            detections: DETECTIONS.filter(() => dice(3) === 0),
            resultCode: 0,
            explanation: '',
          },
          findings: {
            answers: knowledgeOf(dice(4)).map((known) => ({
              ...known,
              engineName: 'E',
              status: 'clean' as const,
              looksInside: false,
              scanTime: 1,
            })),
            startedAt: 1,
            endedAt: 2,
          },
        })),
      );
    }
  }
  // Some that were never judged.
  const by = { scanId: 'scan', storageId: 'x', reason: 'scan' as const, workflowId: 'w', workflowRevision: 1 };
  await store.work.addFound(
    by,
    Array.from({ length: 20 }, (_, i) => ({ path: `/canceled/${i}`, size: 1, modifiedAt: 1 })),
    1,
  );
  await store.scans.move('scan', ['running'], 'canceled', 3);
  while (await store.scans.cancelPending('scan', 3));
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** What each file was judged with, by what its processing says. */
const filesThen = async () => {
  const files = await store.files.list({ scanId: 'scan', limit: 10_000 });
  return Promise.all(
    files.map(async (file) => {
      const processing = file.processingId && (await store.files.findProcessing(file.processingId));
      const judged = processing
        ? judgedWith(processing.workflowId, processing.workflowRevision, processing.findings)
        : '';
      return { file, judged: file.state === 'Canceled' ? '' : judged };
    }),
  );
};

test('a rescan takes exactly what the rule says, for any filter, outdated or not, and the preview counts the same', async () => {
  const dice = createDice(11);
  const all = await filesThen();
  expect(all).toHaveLength(WORKFLOWS.length * REVISIONS.length * 40 + 20);
  let some = 0;
  for (let round = 0; round < 150; round++) {
    const status = StatusFilter.options.filter(() => dice(3) === 0);
    const detection: Detection[] = DETECTIONS.filter(() => dice(6) === 0);
    const workflow = { id: WORKFLOWS[dice(WORKFLOWS.length)]!, revision: REVISIONS[dice(REVISIONS.length)]! };
    const now = dice(4) === 0 ? undefined : judgedBy(workflow.id, workflow.revision, knowledgeOf(dice(4)));
    const isTaken = (outcome: Outcome, judged: string) =>
      takes({ status, detection }, outcome) && (now === undefined || isOutdated(judged, now));
    const expected = all.filter(({ file, judged }) => isTaken(file, judged)).map(({ file }) => file.id);
    if (expected.length > 0 && expected.length < all.length) some += 1;

    const tallied = (await store.scans.tallies('scan'))
      .filter((tally) => isTaken(tally, tally.judgedWith))
      .reduce((sum, { files }) => sum + files, 0);
    expect(tallied).toBe(expected.length);

    const id = newId();
    const filter = { status, detection, outdated: now === undefined ? undefined : { now } };
    await store.rescans.insertBatch(
      { id, actor: 'x', passwords: [], audit: {}, scanId: 'scan', filter, force: false, workflow },
      4,
    );
    while (await store.rescans.plan(id, 4));
    const due = await store.work.take('lease', id, 10_000, 5, false);
    expect(due.map(({ fileId }) => fileId).toSorted()).toEqual(expected.toSorted());
    await store.rescans.move(id, ['running'], 'canceled', 5);
    while (await store.rescans.cancelPending(id));
  }
  expect(some).toBeGreaterThan(50);
});
