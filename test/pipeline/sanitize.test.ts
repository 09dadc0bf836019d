import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import { newId } from '../../src/core/id';
import { WorkflowDefinition } from '../../src/core/workflow';
import { relationships, text, wordPackage } from '../../src/sanitize/fixtures/package';
import { addStorage, resultsOf, scanStorage, startTestApp, temporaryFolder, writeFiles } from './app';

let folder: ReturnType<typeof temporaryFolder>;
let files: string;
let app: App;

beforeEach(async () => {
  folder = temporaryFolder();
  files = join(folder.path, 'files');
  mkdirSync(files);
  app = await startTestApp(join(folder.path, 'data'));
});
afterEach(async () => {
  await app.stop();
  folder.remove();
});

/** A document with a macro. */
const document = () =>
  wordPackage(text('Kept words'), relationships(['rId3', 'vbaProject', 'vbaProject.bin']), {
    'word/vbaProject.bin': 'evil',
  });

const put = async (name: string, content?: string) => writeFileSync(join(files, name), content ?? (await document()));

/** Scans the folder under a workflow. */
const scanUnder = async (definition: object) => {
  const storageId = await addStorage(app, files);
  const workflow = { id: newId(), name: newId(), revision: 1, createdAt: 0 };
  await app.store.workflows.insert({ ...workflow, definition: WorkflowDefinition.parse(definition) }, false);
  const storage = (await app.store.storages.find(storageId))!;
  await app.store.storages.put({ ...storage, workflowId: workflow.id });
  const scan = await scanStorage(app, storageId);
  return { scan, results: await resultsOf(app, scan.id) };
};

const names = (path = files) => readdirSync(path).sort();
const actsOf = (fileId: string) => app.store.remediations.ofFile(fileId);
const statesOf = async (fileId: string) => (await actsOf(fileId)).map(({ action, state }) => `${action} ${state}`);

describe('a sanitized copy', () => {
  test('lies beside the original, says what was taken out, and can be filtered by', async () => {
    await put('report.docm');
    const original = readFileSync(join(files, 'report.docm'));
    await put('note.txt', 'a note');
    const { scan, results } = await scanUnder({ remediation: { allowed: { sanitized: {} } } });
    expect(names()).toEqual(['note.txt', 'report (sanitized).docx', 'report.docm']);
    expect(readFileSync(join(files, 'report (sanitized).docx')).includes('vbaProject')).toBe(false);
    expect(readFileSync(join(files, 'report.docm')).equals(original)).toBe(true);

    const { file } = results.get('report.docm')!;
    expect(file).toMatchObject({ state: 'Available', status: 'Allowed', detections: ['Sanitized'] });
    expect((await app.store.files.history(file.id))[0]!.verdict.detections).toEqual(['Sanitized']);
    expect(await actsOf(file.id)).toMatchObject([
      {
        action: 'sanitize',
        state: 'done',
        destination: { place: { path: join(files, 'report (sanitized).docx') } },
        removed: [{ what: 'macro', where: 'word/vbaProject.bin' }],
      },
    ]);
    expect((await app.rescans.preview(scan.id, { status: [], detection: ['Sanitized'] })).count).toBe(1);
    expect(await actsOf(results.get('note.txt')!.file.id)).toMatchObject([
      { state: 'skipped', error: expect.stringContaining('Nothing here sanitizes this kind of file') },
    ]);
  });

  test('is not made again of what holds nothing that acts', async () => {
    await put('report.docm');
    const { scan } = await scanUnder({ remediation: { allowed: { sanitized: {} } } });
    const again = await resultsOf(app, (await scanStorage(app, scan.storageId)).id);
    expect(names()).not.toContain('report (sanitized) (sanitized).docx');
    expect(await actsOf(again.get('report (sanitized).docx')!.file.id)).toMatchObject([
      { state: 'skipped', error: 'It holds nothing that acts by itself.' },
    ]);
  });

  test('takes the place of an original that is in quarantine', async () => {
    await put('offer.docm');
    const { results } = await scanUnder({
      block: [{ name: 'offer.docm' }],
      remediation: { blocked: { original: { action: 'quarantine' }, sanitized: { where: 'instead' } } },
    });
    const { file } = results.get('offer.docm')!;
    expect(await statesOf(file.id)).toEqual(['sanitize done', 'quarantine done', 'replace done']);
    expect(names()).toEqual(['offer.docx']);
    expect(file).toMatchObject({ state: 'Available', status: 'Blocked', location: { is: 'quarantined' } });
    expect((await app.store.quarantine.list({ limit: 10 })).length).toBe(1);
  });

  test('goes to another folder, under its own name', async () => {
    await put('report.docm');
    await scanUnder({ remediation: { allowed: { sanitized: { where: 'elsewhere', to: { folder: 'clean' } } } } });
    expect(names(join(files, 'clean'))).toEqual(['report.docx']);
  });

  test('that is not Allowed itself does not go out, and the original stays as it is', async () => {
    await put('offer.docm');
    const { results } = await scanUnder({
      block: [{ name: 'offer*' }],
      remediation: { blocked: { original: { action: 'delete' }, sanitized: { where: 'instead' } } },
    });
    const { file } = results.get('offer.docm')!;
    expect(file).toMatchObject({ state: 'FailedRemediation', status: 'Blocked' });
    expect(await actsOf(file.id)).toMatchObject([
      { action: 'sanitize', state: 'failed', error: expect.stringContaining('is not Allowed either') },
      { action: 'delete', state: 'skipped' },
      { action: 'replace', state: 'skipped' },
    ]);
    expect(names()).toEqual(['offer.docm']);
  });

  test.each([
    ['a damaged document', async () => (await document()).slice(0, 900)],
    ['a kind that nothing sanitizes', async () => Buffer.from('just words')],
  ])('of %s does not come about, so the original is not replaced', async (_, content) => {
    writeFileSync(join(files, 'offer.docm'), await content());
    const { results } = await scanUnder({
      block: [{ name: 'offer*' }],
      remediation: { blocked: { original: { action: 'delete' }, sanitized: { where: 'instead' } } },
    });
    expect(results.get('offer.docm')!.file.state).toBe('FailedRemediation');
    expect(names()).toEqual(['offer.docm']);
  });

  test('overwrites nothing, and leaves nothing in the data directory', async () => {
    await put('report.docm');
    writeFiles(files, { 'report (sanitized).docx': 'mine' });
    await scanUnder({ remediation: { allowed: { sanitized: {} } } });
    expect(readFileSync(join(files, 'report (sanitized).docx'), 'utf8')).toBe('mine');
    expect(existsSync(join(files, 'report (sanitized) (2).docx'))).toBe(true);
    expect(names(join(folder.path, 'data/sanitized'))).toEqual([]);
  });
});
