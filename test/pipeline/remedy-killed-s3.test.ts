import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Wanted } from '../../src/core/remediation';
import { openVault } from '../../src/remedy/vault';
import { createLocal } from '../../src/storages/local';
import { createS3 } from '../../src/storages/s3/s3';
import { CONTENT, openStoreIn, recordDue, startChild } from '../fixtures/remedy-due';
import { type ObjectServer, startObjects } from '../servers/objects';
import { temporaryFolder } from './app';

let base: ReturnType<typeof temporaryFolder>;
let root: string;
let server: ObjectServer;

beforeEach(async () => {
  base = temporaryFolder();
  root = realpathSync(base.path);
  server = await startObjects();
});
afterEach(async () => {
  await server.stop();
  base.remove();
});

const to = { folder: 'to', structure: 'keep' as const };
const CASES: { name: string; from: 's3' | 'local'; wanted: Wanted[]; leaves: string[] }[] = [
  {
    name: 'a move within a bucket',
    from: 's3',
    wanted: [{ action: 'move', to, removeEmptyFolders: false }],
    leaves: ['s3 to/in/file'],
  },
  {
    name: 'a copy within a bucket and a move to a folder',
    from: 's3',
    wanted: [
      { action: 'copy', to },
      { action: 'move', to: { ...to, storageId: 'other' }, removeEmptyFolders: false },
    ],
    leaves: ['local to/in/file', 's3 to/in/file'],
  },
  {
    name: 'a move from a folder to a bucket',
    from: 'local',
    wanted: [{ action: 'move', to: { ...to, storageId: 'other' }, removeEmptyFolders: false }],
    leaves: ['s3 to/in/file'],
  },
  {
    name: 'a quarantine of an object',
    from: 's3',
    wanted: [{ action: 'quarantine', removeEmptyFolders: false }],
    leaves: [],
  },
];

test.each(CASES)(
  '$name that is killed before or after any request is ended by the next start: once, and whole',
  async ({ from, wanted, leaves }) => {
    const s3 = {
      kind: 's3' as const,
      bucket: 'bucket',
      endpoint: server.endpoint,
      region: 'us-east-1',
      prefix: '',
      accessKeyId: 'key',
    };
    let killAt = 1;
    for (let killed = true; killed; killAt += 1) {
      const dir = join(root, String(killAt));
      const files = join(dir, 'files');
      mkdirSync(join(files, 'in'), { recursive: true });
      server.objects.clear();
      server.instead = undefined;
      const local = { kind: 'local' as const, path: files };
      const place = { path: from === 's3' ? 'in/file' : join(files, 'in/file') };
      if (from === 's3') server.put('in/file', CONTENT);
      else writeFileSync(place.path, CONTENT);
      const backend = from === 's3' ? createS3(s3, async () => ({ secretAccessKey: 'secret' })) : createLocal(files);
      const { identity } = (await backend.stat(place))!;
      const storages = from === 's3' ? { files: s3, other: local } : { files: local, other: s3 };
      const { scanId } = await recordDue(dir, { storages, place, identity, wanted });

      let steps = 0;
      const child = startChild(dir);
      const step = () => {
        steps += 1;
        if (steps !== killAt) return false;
        child.kill('SIGKILL');
        return true;
      };
      // Before the server does it, and when it has done it and before the answer is there.
      server.instead = () => step();
      server.after = () => step();
      await child.exited;
      killed = child.signalCode === 'SIGKILL';
      server.instead = undefined;
      server.after = undefined;
      if (killed) expect(await startChild(dir).exited).toBe(0);
      else expect(child.exitCode).toBe(0);

      const left = readdirSync(files, { recursive: true }).map(String);
      const kept = [
        ...left.filter((name) => statSync(join(files, name)).isFile()).map((name) => `local ${name}`),
        ...[...server.objects.keys()].map((key) => `s3 ${key}`),
      ];
      expect({ killAt, kept: kept.sort() }).toEqual({ killAt, kept: leaves });
      for (const { body } of server.objects.values()) expect(body.toString()).toBe(CONTENT);
      for (const name of kept.filter((one) => one.startsWith('local ')))
        expect(readFileSync(join(files, name.slice('local '.length)), 'utf8')).toBe(CONTENT);

      const store = await openStoreIn(dir);
      expect((await store.scans.find(scanId))!.counts).toMatchObject({ blocked: 1, pending: 0, failedRemediation: 0 });
      const held = await store.quarantine.list({ limit: 10 });
      expect(held.map(({ state }) => state)).toEqual(wanted[0]?.action === 'quarantine' ? ['held'] : []);
      const vault = openVault(join(dir, 'data/quarantine'));
      expect(vault.list()).toEqual(held.map(({ id }) => id));
      for (const { id, sha256 } of held) {
        const pieces = await Array.fromAsync(vault.read(id, (await store.quarantine.key(id))!, sha256));
        expect(Buffer.concat(pieces).toString()).toBe(CONTENT);
      }
      await store.close();
    }
    expect(killAt).toBeGreaterThan(5);
  },
  240_000,
);
