import { afterEach, beforeEach, expect, test } from 'bun:test';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import { openFile } from '../../src/content/open';
import { bufferFor, digest, streamOf } from '../../src/content/read';
import { newId } from '../../src/core/id';
import { WorkflowDefinition } from '../../src/core/workflow';
import type { EngineConfig } from '../../src/engines/load';
import { createOpenBackend } from '../../src/storages/storages';
import { eicar } from '../engines/samples';
import { addStorage, resultsOf, startTestApp, temporaryFolder, writeFiles } from './app';

let folder: ReturnType<typeof temporaryFolder>;
let files: string;
let outside: string;
let app: App | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  files = join(folder.path, 'files');
  outside = join(folder.path, 'outside');
  mkdirSync(files);
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret'), eicar());
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  folder.remove();
});

/** Scans the files, which change once all are found and before one is opened. Returns each one's verdict by its name. */
const scanChanged = async (
  change: () => void,
  workflow: Partial<WorkflowDefinition> = {},
  engines: EngineConfig = { engines: { yara: {} }, plugins: [] },
) => {
  app = await startTestApp(join(folder.path, 'data'), {
    engines,
    createOpenBackend: (deps) => async (storage) => {
      const backend = await createOpenBackend(deps)(storage);
      return {
        ...backend,
        async *list(path: string, signal: AbortSignal) {
          const groups = await Array.fromAsync(backend.list(path, signal));
          change();
          yield* groups;
        },
      };
    },
  });
  const workflowId = newId();
  await app.store.workflows.insert(
    { id: workflowId, name: 'test', revision: 1, definition: WorkflowDefinition.parse(workflow), createdAt: 0 },
    false,
  );
  const { id } = await app.scans.start({ storageId: await addStorage(app, files), workflowId }, 'test');
  await app.scans.ended(id);
  const results = await resultsOf(app, id);
  return new Map([...results].map(([name, { history }]) => [name, history.map(({ verdict }) => verdict)]));
};

test('a file that is gone, or has become something else, before it is opened is told as such', async () => {
  const names = ['gone', 'link', 'fifo', 'folder', 'rewritten', 'innocent'];
  writeFiles(files, Object.fromEntries(names.map((name) => [name, name])));
  const verdicts = await scanChanged(() => {
    for (const name of names.slice(0, 4)) rmSync(join(files, name));
    symlinkSync(join(outside, 'secret'), join(files, 'link'));
    Bun.spawnSync(['mkfifo', join(files, 'fifo')]);
    mkdirSync(join(files, 'folder'));
    writeFileSync(join(files, 'rewritten'), eicar());
  });
  expect(verdicts.get('gone')).toMatchObject([
    { state: 'Failed', explanation: 'There is no such file, or not any more.' },
  ]);
  expect(verdicts.get('link')).toMatchObject([
    { state: 'Failed', explanation: 'It is a symbolic link; links are not followed.' },
  ]);
  expect(verdicts.get('fifo')).toMatchObject([{ state: 'Failed', explanation: 'It is a FIFO, not a regular file.' }]);
  expect(verdicts.get('folder')).toMatchObject([
    { state: 'Failed', explanation: 'It is a folder, not a regular file.' },
  ]);
  expect(verdicts.get('rewritten')).toMatchObject([{ status: 'Blocked', detections: ['Threat'] }]);
  expect(verdicts.get('innocent')).toMatchObject([{ status: 'Allowed' }]);
});

test('a file whose folder is gone before it is opened is told as such', async () => {
  mkdirSync(join(files, 'below'));
  writeFiles(join(files, 'below'), { inner: 'x' });
  const verdicts = await scanChanged(() => {
    renameSync(join(files, 'below'), join(folder.path, 'moved'));
    writeFileSync(join(files, 'below'), 'no folder');
  });
  expect(verdicts.get('inner')).toMatchObject([{ state: 'Failed', explanation: expect.stringContaining('no folder') }]);
});

/** An engine during whose scan the file grows. */
const GROWING = `import { appendFileSync } from 'node:fs';
export default {
  id: 'growing', name: 'Growing', finds: [],
  options: (z) => z.strictObject({}),
  open: async () => ({
    definitions: async () => ({ version: '1' }),
    scan: async ({ path }) => {
      if (path.endsWith('/growing')) appendFileSync(path, 'x');
      return { status: 'clean' };
    },
    close: async () => {},
  }),
};`;

test('a file that grows all the time ends as one that was being changed', async () => {
  writeFiles(files, { growing: 'x', innocent: 'x' });
  const plugin = join(folder.path, 'growing.ts');
  writeFileSync(plugin, GROWING);
  const engines = { engines: { growing: {} }, plugins: [plugin] };
  const verdicts = await scanChanged(() => {}, {}, engines);
  expect(verdicts.get('growing')).toMatchObject([
    { state: 'Failed', explanation: 'It was being changed while it was looked into.' },
  ]);
  expect(verdicts.get('innocent')).toMatchObject([{ status: 'Allowed' }]);
});

test('what a file grows by after it was opened is not read, however fast it grows', async () => {
  const path = join(files, 'growing');
  const more = new Uint8Array(3 * 1024 * 1024);
  writeFileSync(path, new Uint8Array(8 * 1024 * 1024));
  const file = openFile({ path });
  if ('why' in file) throw new Error(file.message);
  let rounds = 0;
  const grow = setInterval(() => {
    rounds += 1;
    if (rounds < 200) appendFileSync(path, more);
  }, 0);
  const { length } = await digest(file, new Uint8Array(bufferFor(file.size)), new AbortController().signal);
  clearInterval(grow);
  expect(length).toBeLessThanOrEqual(9 * 1024 * 1024);
  appendFileSync(path, more);
  let streamed = 0;
  for await (const piece of streamOf(file.fd, file.size)) streamed += piece.length;
  expect(streamed).toBe(file.size);
  file.close();
});

test('a sparse file of 5 GB beyond the limit of the workflow is not read', async () => {
  const fd = openSync(join(files, 'sparse'), 'w');
  ftruncateSync(fd, 5 * 1024 ** 3);
  closeSync(fd);
  const verdicts = await scanChanged(() => {}, { maxFileSize: 1024 ** 3 });
  expect(verdicts.get('sparse')).toMatchObject([{ resultCode: 10, status: 'Blocked', detections: ['Unscannable'] }]);
});
