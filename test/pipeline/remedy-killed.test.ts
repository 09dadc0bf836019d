import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../src/core/id';
import type { Wanted } from '../../src/core/remediation';
import { WorkflowDefinition } from '../../src/core/workflow';
import { openVault } from '../../src/remedy/vault';
import { createLocal } from '../../src/storages/local';
import { createSeal } from '../../src/store/seal';
import { openStore } from '../../src/store/store';
import { temporaryFolder } from './app';

const CHILD = join(import.meta.dir, '../fixtures/remedy-child.ts');
const CONTENT = 'the content of the file';
const SHA256 = new Bun.CryptoHasher('sha256').update(CONTENT).digest('hex');

let base: ReturnType<typeof temporaryFolder>;
let root: string;

beforeEach(() => {
  base = temporaryFolder();
  root = realpathSync(base.path);
});
afterEach(() => base.remove());

const openIn = (dir: string) => openStore(`file:${join(dir, 'data/assay.db')}`, createSeal(new Uint8Array(32)));

/** A data directory in which a verdict was recorded with what is to be done with the file `in/file` of the storage `files`. */
const prepare = async (dir: string, wanted: Wanted[]) => {
  for (const folder of ['data', 'files/in', 'other']) mkdirSync(join(dir, folder), { recursive: true });
  const path = join(dir, 'files/in/file');
  writeFileSync(path, CONTENT);
  const store = await openIn(dir);
  for (const id of ['files', 'other']) {
    const options = { kind: 'local' as const, path: join(dir, id) };
    await store.storages.put({ id, name: id, options, createdAt: 1 });
  }
  const scan = { id: newId(), name: 's', storageId: 'files', storageName: 'files', path: '', workflowId: 'w' };
  await store.scans.insert({ ...scan, kind: 'scan', state: 'running', workflowRevision: 1, createdAt: 1 });
  const definition = WorkflowDefinition.parse({});
  await store.workflows.insert({ id: 'w', name: 'w', revision: 1, definition, createdAt: 1 }, true);
  const by = { scanId: scan.id, storageId: 'files', reason: 'scan' as const, workflowId: 'w', workflowRevision: 1 };
  await store.work.addFound(by, [{ path, size: CONTENT.length, modifiedAt: 1 }], 1);
  const [due] = await store.work.take('lease', scan.id, 1, 5, false);
  const { identity } = (await createLocal(join(dir, 'files')).stat({ path }))!;
  const type = { mime: 'text/plain', description: 'Text', container: false };
  const content = { size: CONTENT.length, sha256: SHA256, sha1: '', md5: '', type };
  await store.work.record([
    {
      ...due!,
      id: due!.processingId,
      verdict: { resultCode: 1, state: 'Available', status: 'Blocked', detections: ['Threat'], explanation: 'Bad.' },
      findings: { content, answers: [], identity, startedAt: 1, endedAt: 2 },
      acts: { source: { storageId: 'files', place: { path } }, wanted },
    },
  ]);
  await store.close();
  return { fileId: due!.fileId, scanId: scan.id };
};

const runChild = async (dir: string, killAt: number, disks: string) => {
  const child = Bun.spawn([process.execPath, CHILD, join(dir, 'data'), String(killAt), disks], { stderr: 'inherit' });
  await child.exited;
  return { killed: child.signalCode === 'SIGKILL', exitCode: child.exitCode };
};

/** All files below a folder, by their way from it. */
const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(dir, name)).isFile())
    .sort();

const to = { folder: 'to', structure: 'keep' as const };
const CASES: { name: string; wanted: Wanted[]; disks?: string; leaves: string[]; acts: string[] }[] = [
  {
    name: 'a move',
    wanted: [{ action: 'move', to, removeEmptyFolders: true }],
    leaves: ['files/to/in/file'],
    acts: ['move done'],
  },
  {
    name: 'a move to another disk',
    wanted: [{ action: 'move', to, removeEmptyFolders: false }],
    disks: 'two',
    leaves: ['files/to/in/file'],
    acts: ['move done'],
  },
  {
    name: 'a tag and a move to another storage',
    wanted: [
      { action: 'tag', tags: { seen: 'yes' } },
      { action: 'move', to: { ...to, storageId: 'other' }, removeEmptyFolders: false },
    ],
    leaves: ['other/to/in/file'],
    acts: ['tag done', 'move done'],
  },
  {
    name: 'a deletion',
    wanted: [{ action: 'delete', removeEmptyFolders: false }],
    leaves: [],
    acts: ['delete done'],
  },
  {
    name: 'a quarantine',
    wanted: [{ action: 'quarantine', removeEmptyFolders: false }],
    leaves: [],
    acts: ['quarantine done'],
  },
  {
    name: 'a sanitized copy instead of it',
    wanted: [
      { action: 'sanitize', where: 'instead' },
      { action: 'delete', removeEmptyFolders: false },
      { action: 'replace' },
    ],
    leaves: ['files/in/file'],
    acts: ['sanitize done', 'delete done', 'replace done'],
  },
];
/** The copy, as the child makes it. */
const HARMLESS = 'harmless';

test.each(CASES)(
  '$name that is killed at any of its steps is ended by the next start: once, and whole',
  async ({ wanted, disks = 'one', leaves, acts }) => {
    let killAt = 1;
    for (; ; killAt += 1) {
      const dir = join(root, String(killAt));
      const { fileId, scanId } = await prepare(dir, wanted);
      const { killed, exitCode } = await runChild(dir, killAt, disks);
      if (!killed) {
        expect(exitCode).toBe(0);
        break;
      }
      expect(await runChild(dir, 0, disks)).toEqual({ killed: false, exitCode: 0 });

      const store = await openIn(dir);
      const left = [
        ...filesIn(join(dir, 'files')).map((n) => `files/${n}`),
        ...filesIn(join(dir, 'other')).map((n) => `other/${n}`),
      ];
      expect({ killAt, left }).toEqual({ killAt, left: leaves });
      const expected = acts.includes('replace done') ? HARMLESS : CONTENT;
      for (const name of left) expect(readFileSync(join(dir, name), 'utf8')).toBe(expected);
      const done = await store.remediations.ofFile(fileId);
      expect(done.map(({ action, state }) => `${action} ${state}`)).toEqual(acts);
      expect((await store.scans.find(scanId))!.counts).toMatchObject({ blocked: 1, pending: 0, failedRemediation: 0 });
      const audited = (await store.audit.list({ limit: 100 })).map(({ action }) => action);
      expect(audited.sort()).toEqual(acts.map((act) => `file.${act.split(' ')[0]}`).sort());
      const held = await store.quarantine.list({ limit: 10 });
      expect(held.map(({ state }) => state)).toEqual(acts.includes('quarantine done') ? ['held'] : []);
      const vault = openVault(join(dir, 'data/quarantine'));
      for (const { id, sha256 } of held) {
        let content = '';
        for await (const piece of vault.read(id, (await store.quarantine.key(id))!, sha256))
          content += Buffer.from(piece);
        expect(content).toBe(CONTENT);
      }
      expect(vault.list()).toEqual(held.map(({ id }) => id));
      expect(filesIn(join(dir, 'data/sanitized'))).toEqual([]);
      await store.close();
    }
    expect(killAt).toBeGreaterThan(8);
  },
  120_000,
);
