import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

const PAGE = 4096;
const FILES = 1200;
const DAMAGED_START = /^the daemon ended with 74: assay: The database \S+ is damaged/;
const DAMAGED = /^assay: The database \S+assay\.db is damaged\.\nhint: Stop Assay, .*\n$/;

let folder: ReturnType<typeof temporaryFolder>;
let config: string;
let database: string;
let daemon: RunningDaemon | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  config = join(folder.path, 'assay.yaml');
  database = join(folder.path, 'state/assay.db');
  writeFileSync(config, `listen: 127.0.0.1:0\nengines:\n  misbehaving: {}\nplugins: [${misbehaving}]\n`);
});
afterEach(async () => {
  await daemon?.kill('SIGKILL');
  daemon = undefined;
  folder.remove();
});

const start = async (paths: string[] = []) => {
  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, ...paths] });
  return daemon;
};
const serve = () => run(['serve', '--config', config, '--data-dir', join(folder.path, 'state')], { cwd: folder.path });

/** A daemon's database with a scan in it, closed. Returns the scan's id. */
const fill = async (): Promise<string> => {
  const share = join(folder.path, 'share');
  mkdirSync(share);
  for (let i = 0; i < FILES; i++) writeFileSync(join(share, `file${i}`), 'x');
  const running = await start([share]);
  const { id } = (await running.api('/api/scan')).entries[0];
  await scanIs(running, id, 'finished');
  expect(await running.kill('SIGTERM')).toBe(0);
  return id;
};

const refused = async () => {
  const before = readFileSync(database);
  const { exitCode, stdout, stderr } = await serve();
  expect(stderr).toMatch(DAMAGED);
  expect({ exitCode, stdout }).toEqual({ exitCode: 74, stdout: '' });
  expect(readFileSync(database).equals(before)).toBe(true);
};

test('the doctor says of a database that no daemon uses whether it is whole, and changes nothing', async () => {
  const doctor = async (...more: string[]) => {
    const before = readFileSync(database);
    const beside = readdirSync(join(folder.path, 'state'));
    const args = ['doctor', '--json', '--config', config, '--data-dir', join(folder.path, 'state'), ...more];
    const { exitCode, stdout } = await run(args, { cwd: folder.path });
    expect(readFileSync(database).equals(before)).toBe(true);
    expect(readdirSync(join(folder.path, 'state'))).toEqual(beside);
    const checks: { level: string; what: string; todo?: string }[] = JSON.parse(stdout);
    return { exitCode, ...checks.find(({ what }) => what.startsWith('database: ')) };
  };
  await fill();
  const good = readFileSync(database);
  expect(await doctor()).toEqual({ exitCode: 0, level: 'ok', what: `database: ${database}` });
  // It is not looked into while a daemon has it, also one that cannot be asked.
  const running = await start();
  expect(await doctor('--socket', 'nowhere')).toMatchObject({
    what: `database: ${database} is in use by an Assay that runs`,
  });
  await running.kill('SIGTERM');
  const bad = Buffer.from(good);
  bad.fill(0xff, 5 * PAGE, 6 * PAGE);
  for (const damage of [bad, good.subarray(0, good.length - PAGE), crypto.getRandomValues(Buffer.alloc(50_000))]) {
    writeFileSync(database, damage);
    expect(await doctor()).toMatchObject({
      exitCode: 1,
      level: 'fail',
      what: `database: The database ${database} is damaged.`,
      todo: expect.stringContaining('sqlite3 assay.db .recover'),
    });
  }
});

test('a database of other bytes is refused and left as it is', async () => {
  mkdirSync(join(folder.path, 'state'));
  writeFileSync(database, crypto.getRandomValues(new Uint8Array(50_000)));
  await refused();
  writeFileSync(database, 'short and no database');
  await refused();
});

test('a database that was cut off is refused, and works again once it is put back', async () => {
  const id = await fill();
  const { size } = statSync(database);
  copyFileSync(database, `${database}.good`);
  for (const length of [size / 2, size - PAGE, 3 * PAGE + 17]) {
    truncateSync(database, Math.trunc(length));
    await refused();
    copyFileSync(`${database}.good`, database);
  }
  const running = await start();
  expect((await running.api(`/api/scan/${id}`)).counts).toMatchObject({ total: FILES, allowed: FILES });
});

/** Changes the database of a daemon that has ended, by SQL. */
const change = (sql: string) => {
  const opened = new Database(database);
  opened.run(sql);
  opened.close();
};

test('damage that a start meets last, and a table that is gone, are told as damage', async () => {
  await start();
  await daemon?.kill('SIGTERM');
  const good = readFileSync(database);
  const opened = new Database(database, { readonly: true });
  const { rootpage } = opened.query("SELECT rootpage FROM sqlite_master WHERE name = 'audit'").get() as {
    rootpage: number;
  };
  opened.close();
  const bad = Buffer.from(good);
  bad.fill(0xff, (rootpage - 1) * PAGE, rootpage * PAGE);
  writeFileSync(database, bad);
  expect(await start([folder.path]).catch((error) => error.message)).toMatch(DAMAGED_START);
  writeFileSync(database, good);
  change('DROP TABLE files');
  expect(await start([folder.path]).catch((error) => error.message)).toMatch(DAMAGED_START);
});

test('a database of a newer Assay is left to that one', async () => {
  await start();
  await daemon?.kill('SIGTERM');
  change("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9999999999999)");
  const { exitCode, stderr } = await serve();
  expect(stderr).toMatch(/^assay: The database \S+assay\.db is of a newer Assay than this one\.\nhint: .*\n$/);
  expect(exitCode).toBe(69);
});

test('a page that is damaged, whichever it is, is told as such or was not needed: no result is lost in silence', async () => {
  const id = await fill();
  const good = readFileSync(database);
  const pages = good.length / PAGE;
  const seen = { refused: 0, told: 0, right: 0 };
  for (let at = 1; at < pages; at += Math.ceil(pages / 6)) {
    const bad = Buffer.from(good);
    crypto.getRandomValues(bad.subarray(at * PAGE, (at + 1) * PAGE));
    writeFileSync(database, bad);
    rmSync(`${database}-wal`, { force: true });
    rmSync(`${database}-shm`, { force: true });
    const running = await start().catch((error: Error) => error);
    if (running instanceof Error) {
      expect(running.message).toMatch(DAMAGED_START);
      seen.refused += 1;
      continue;
    }
    const ask = (path: string, init?: RequestInit) => running.api(path, init).catch(() => ({ responseKey: 'GONE' }));
    const { storageId } = await ask(`/api/scan/${id}`);
    const answers = [
      await ask(`/api/scan/${id}/files?limit=1000`),
      await ask('/api/scan', post({ storageId: storageId ?? '' })),
    ];
    if (answers.some(({ responseKey }) => responseKey === 'GONE')) {
      expect(await running.exited).toBe(74);
      expect(running.output()).toMatch(/assay: The database \S+ is damaged/);
      seen.told += 1;
      continue;
    }
    if (answers.some(({ responseKey }) => responseKey === 'DATABASE_DAMAGED')) {
      seen.told += 1;
      await running.kill('SIGKILL');
      continue;
    }
    expect(answers[0]).toMatchObject({ total: FILES });
    let hasEnded = false;
    void running.exited.then(() => {
      hasEnded = true;
    });
    const ended = await until(async () => {
      const scan = await running.api(`/api/scan/${answers[1].id}`).catch(() => undefined);
      return hasEnded ? 'gone' : scan?.state === 'finished' && scan;
    });
    if (ended !== 'gone') {
      expect(ended.counts).toMatchObject({ total: FILES, allowed: FILES });
      seen.right += 1;
      await running.kill('SIGKILL');
    } else {
      expect(await running.exited).toBe(74);
      expect(running.output()).toMatch(/assay: The database \S+ is damaged/);
      seen.told += 1;
    }
  }
  expect(seen.refused + seen.told).toBeGreaterThan(0);
});
