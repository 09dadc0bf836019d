import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Wanted } from '../../src/core/remediation';
import { openVault } from '../../src/remedy/vault';
import { createLocal } from '../../src/storages/local';
import { CONTENT, openStoreIn, recordDue, startChild } from '../fixtures/remedy-due';
import { temporaryFolder } from './app';

let base: ReturnType<typeof temporaryFolder>;
let root: string;

beforeEach(() => {
  base = temporaryFolder();
  root = realpathSync(base.path);
});
afterEach(() => base.remove());

/** A data directory in which a verdict was recorded with what is to be done with the file `in/file` of the storage `files`. */
const prepare = async (dir: string, wanted: Wanted[]) => {
  for (const folder of ['files/in', 'other']) mkdirSync(join(dir, folder), { recursive: true });
  const path = join(dir, 'files/in/file');
  writeFileSync(path, CONTENT);
  const local = (name: string) => ({ kind: 'local' as const, path: join(dir, name) });
  const { identity } = (await createLocal(join(dir, 'files')).stat({ path }))!;
  const storages = { files: local('files'), other: local('other') };
  return recordDue(dir, { storages, place: { path }, identity, wanted });
};

const runChild = async (dir: string, killAt: number, disks: string) => {
  const child = startChild(dir, killAt, disks);
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

      const store = await openStoreIn(dir);
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
