import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import command from '../../plugins/command';
import { nameIn, patternOf } from '../../plugins/command/name';
import type { Answer, OpenEngine } from '../../src/engines/contract';
import { lacks } from '../needs';
import { eicar, SIGNATURES } from '../servers/clamd';
import { conformance, openEngine } from './conformance';
import { openFile } from './file';

setDefaultTimeout(30_000);

const folder = mkdtempSync(join(tmpdir(), 'command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
let count = 0;
const write = (content: string | Uint8Array, mode = 0o644) => {
  const path = join(folder, `file-${count++}`);
  writeFileSync(path, content, { mode });
  return path;
};
const script = (text: string) => write(`#!/bin/sh\n${text}\n`, 0o755);
const scanPath = async (engine: OpenEngine, path: string, signal = never): Promise<Answer> => {
  using file = openFile(path);
  return await engine.scan(file, { signal });
};
const alive = (pid: number) => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const until = async (holds: () => boolean) => {
  while (!holds()) await Bun.sleep(10);
};
/** An engine whose scanner is a script; "$1" is the file. */
const scripted = (text: string, options: object = {}) =>
  openEngine(command, { argv: [script(text), '{file}'], selfTest: false, ...options });

const SCANNER = 'case "$(cat "$1" | base64)" in WDVPIVAl*) echo "$1: Eicar FOUND"; exit 1;; esac';

conformance('command by descriptor', {
  engine: command,
  options: () => ({ argv: [script(SCANNER), '{file}'], name: ': (.+) FOUND$', concurrency: 8 }),
  infected: eicar,
  clean: () => Buffer.from('nothing to see here\n'),
  hang: {
    content: () => Buffer.from('hang'),
    options: () => ({ argv: [script('sleep 600'), '{file}'], selfTest: false }),
    limited: () => ({
      argv: [script('[ "$(cat "$1")" = hang ] && sleep 600; exit 0'), '{file}'],
      selfTest: false,
      timeout: 300,
    }),
  },
});

describe.skipIf(lacks('clamscan'))('command with a real clamscan', () => {
  const database = join(folder, 'db');
  mkdirSync(database);
  for (const [name, text] of Object.entries(SIGNATURES)) writeFileSync(join(database, name), text);
  const base = { name: ': (.+) FOUND$', definitions: ['clamscan', '--version'], concurrency: 4 };
  const argv = (...file: string[]) => ['clamscan', '-d', database, '--no-summary', ...file];
  const EICAR: Answer = { status: 'detected', name: 'Eicar-Test-Signature.UNOFFICIAL', kind: 'Threat' };

  for (const [input, file] of [
    ['fd', '{file}'],
    ['stdin', '-'],
    ['path', '{file}'],
  ] as const) {
    test(`by ${input}: detects, names, and finds nothing in a clean file`, async () => {
      await using engine = await openEngine(command, { ...base, argv: argv(file), input });
      expect(await scanPath(engine, write(eicar()))).toEqual(EICAR);
      expect(await scanPath(engine, write('clean'))).toEqual({ status: 'clean' });
      expect((await engine.definitions()).version).toStartWith('ClamAV ');
    });
  }

  test.each(['fd', 'stdin'])('by %s: judges the opened file, not what is at its path by now', async (input) => {
    const file = input === 'fd' ? '{file}' : '-';
    await using engine = await openEngine(command, { ...base, argv: argv(file), input });
    const path = write(eicar());
    using opened = openFile(path);
    unlinkSync(path);
    writeFileSync(path, 'harmless now');
    expect(await Promise.all([1, 2].map(() => engine.scan(opened, { signal: never })))).toEqual([EICAR, EICAR]);
  });

  test('is unavailable when the scanner does not look into what it is given', async () => {
    const blind = { ...base, argv: argv('--follow-file-symlinks=0', '{file}') };
    await expect(openEngine(command, blind)).rejects.toThrow('does not detect the EICAR test file');
  });
});

describe('command', () => {
  test('the exit code wins over what the scanner prints', async () => {
    await using lying = await scripted('echo "x: Eicar FOUND"; exit 0', { name: ': (.+) FOUND' });
    expect(await scanPath(lying, write('x'))).toEqual({ status: 'clean' });
    await using nameless = await scripted('echo nothing found; exit 1', { name: ': (.+) FOUND', kind: 'Suspicious' });
    expect(await scanPath(nameless, write('x'))).toMatchObject({ status: 'detected', kind: 'Suspicious' });
  });

  test('an exit code that nobody explained is a failure', async () => {
    await using engine = await scripted('echo "no licence" >&2; exit 7');
    const answer = await scanPath(engine, write('x'));
    expect(answer).toMatchObject({ status: 'failed', retry: true, reason: expect.stringContaining('7: no licence') });
  });

  test('exit codes mean what the options say', async () => {
    await using engine = await scripted('exit "$(cat "$1")"', { exits: { 0: 'clean', 9: 'skipped', 3: 'detected' } });
    const statuses = [];
    for (const code of ['0', '1', '3', '9']) statuses.push((await scanPath(engine, write(code))).status);
    expect(statuses).toEqual(['clean', 'failed', 'detected', 'skipped']);
  });

  test('a scanner that crashes has failed, and so has one that is not there', async () => {
    await using crashing = await scripted('kill -SEGV $$');
    const answer = await scanPath(crashing, write('x'));
    expect(answer).toMatchObject({ status: 'failed', retry: true, reason: expect.stringContaining('SIGSEGV') });
    await using missing = await openEngine(command, { argv: ['/no/such/scanner', '{file}'], selfTest: false });
    expect(await scanPath(missing, write('x'))).toMatchObject({ status: 'failed', retry: true });
    await expect(missing.definitions()).rejects.toThrow('not installed');
  });

  test('a scanner that ignores SIGTERM, and what it started, are gone after a cancel', async () => {
    const pids = join(folder, 'pids');
    const text = `trap "" TERM; (trap "" TERM; echo inner; while :; do sleep 1; done) & echo "$$ $!" > ${pids}.new; mv ${pids}.new ${pids}; wait; while :; do sleep 1; done`;
    await using engine = await scripted(text);
    const cancel = new AbortController();
    const scanning = scanPath(engine, write('x'), cancel.signal);
    await until(() => existsSync(pids));
    const started = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    expect(started.every(alive)).toBe(true);
    cancel.abort();
    expect(await scanning).toMatchObject({ status: 'failed', retry: true });
    await until(() => !started.some(alive));
  });

  test('a time limit ends a scanner that hangs', async () => {
    await using engine = await scripted('sleep 600', { timeout: 100 });
    const answer = await scanPath(engine, write('x'));
    expect(answer).toMatchObject({
      status: 'failed',
      retry: true,
      reason: expect.stringContaining('longer than 0.1 s'),
    });
  });

  test('a process that outlives the scanner and holds its output does not hold the answer', async () => {
    const pid = join(folder, 'daemon');
    await using engine = await scripted(
      `setsid sh -c 'echo $$ > ${pid}; exec sleep 600' & while [ ! -s ${pid} ]; do sleep 0.01; done; exit 1`,
    );
    expect(await scanPath(engine, write('x'))).toMatchObject({ status: 'detected' });
    process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL');
  });

  test('megabytes of output are read, and the name in the first 64 KiB is found', async () => {
    const noise = 'head -c 30000000 /dev/zero | tr "\\0" x';
    await using engine = await scripted(`echo "y: Loud FOUND"; ${noise}; ${noise} >&2; exit 1`, {
      name: ': (.+) FOUND$',
    });
    expect(await scanPath(engine, write('x'))).toEqual({ status: 'detected', name: 'Loud', kind: 'Threat' });
  });

  test('names are one line without control characters', async () => {
    await using engine = await scripted(`printf 'x: \\033[31mEi\\007car\\342\\200\\256 FOUND\\n'; exit 1`, {
      name: ': (.+) FOUND$',
    });
    const answer = await scanPath(engine, write('x'));
    expect(answer.status === 'detected' && answer.name).toBe('[31mEi car');
  });

  test('a runaway pattern ends', () => {
    const pattern = patternOf('(a+)+$')!;
    expect(nameIn(`${'a'.repeat(4000)}b\n`.repeat(16), pattern)).toBeUndefined();
  });

  test('the scanner sees none of our environment but what every program needs', async () => {
    process.env.ASSAY_TEST_SECRET = 'secret';
    await using engine = await scripted('[ -z "$ASSAY_TEST_SECRET" ] && [ "$OWN" = yes ] && [ -n "$PATH" ]', {
      env: { OWN: 'yes' },
    });
    expect(await scanPath(engine, write('x'))).toEqual({ status: 'clean' });
    delete process.env.ASSAY_TEST_SECRET;
  });

  test('close ends what runs and waits for it', async () => {
    const engine = await scripted('sleep 600', { concurrency: 1 });
    const scans = [1, 2].map(() => scanPath(engine, write('x')));
    await Bun.sleep(50);
    await engine.close();
    for (const answer of await Promise.all(scans)) expect(answer.status).toBe('failed');
  });

  test.each([
    { argv: [] },
    { argv: ['clamscan'] },
    { argv: ['clamscan', '{file}'], exits: { 256: 'clean' } },
    { argv: ['clamscan', '{file}'], exits: { 0: 'fine' } },
    { argv: ['clamscan', '{file}'], name: '(' },
    { argv: ['clamscan', '{file}'], name: 'no group' },
  ])('refuses %j', (options) => {
    expect(command.options(z).safeParse(options).success).toBe(false);
  });
});
