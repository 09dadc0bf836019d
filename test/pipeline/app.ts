import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type AppOptions, startApp } from '../../src/app';
import type { FileRecord, Processing } from '../../src/core/file';
import { newId } from '../../src/core/id';
import { silentLog } from '../../src/core/log';
import type { Scan } from '../../src/core/scan';

export const misbehaving = join(import.meta.dir, '../fixtures/engines/misbehaving.ts');

/** A folder that is gone after the test. */
export const temporaryFolder = (): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'assay-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** The rooms over a folder of files, with the engine that does what a file tells it. */
export const startTestApp = async (dataDir: string, more: Partial<AppOptions> = {}): Promise<App> =>
  startApp({
    dataDir,
    engines: { engines: { misbehaving: {} }, plugins: [misbehaving] },
    threads: 2,
    retry: { attempts: 3, backoff: 5 },
    spoolSize: 100e6,
    memoryLimit: 700e6,
    grace: 300,
    patience: 60_000,
    log: silentLog,
    failed: (error) => {
      throw error;
    },
    ...more,
  });

export const writeFiles = (folder: string, files: { [name: string]: string }): void => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
};

export const addStorage = async (app: App, path: string): Promise<string> => {
  const id = newId();
  await app.store.storages.put({ id, name: path, options: { kind: 'local', path }, createdAt: Date.now() });
  return id;
};

/** Scans a storage to its end. */
export const scanStorage = async (app: App, storageId: string): Promise<Scan> => {
  const { id } = await app.scans.start({ storageId }, 'test');
  await app.scans.ended(id);
  return (await app.store.scans.find(id))!;
};

/** Scans a folder, as a new storage, to its end. */
export const scanFolder = async (app: App, path: string): Promise<Scan> =>
  scanStorage(app, await addStorage(app, path));

/** Each file of a scan by its name, with all its processings. */
export const resultsOf = async (
  app: App,
  scanId: string,
): Promise<Map<string, { file: FileRecord; history: Processing[] }>> => {
  const results = new Map<string, { file: FileRecord; history: Processing[] }>();
  for (const file of await app.store.files.list({ scanId, limit: 100_000 })) {
    results.set(file.path.slice(file.path.lastIndexOf('/') + 1), {
      file,
      history: await app.store.files.history(file.id),
    });
  }
  return results;
};

/** Gives the default workflow's files less time. Milliseconds. */
export const setFileTimeout = async (app: App, fileTimeout: number): Promise<string> => {
  const { WorkflowDefinition } = await import('../../src/core/workflow');
  const id = newId();
  const definition = WorkflowDefinition.parse({ fileTimeout });
  await app.store.workflows.insert(
    { id, name: `timeout ${fileTimeout}`, revision: 1, definition, createdAt: 0 },
    false,
  );
  return id;
};
