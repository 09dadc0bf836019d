import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eicar } from '../engines/samples';
import { assay, environment, run } from './assay';

let cwd: string;
let temporary: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'assay-e2e-'));
  temporary = join(cwd, 'tmp');
  for (const folder of ['tmp', 'mixed/below/deeper', 'odd', 'clean']) mkdirSync(join(cwd, folder), { recursive: true });
  writeFileSync(join(cwd, 'clean/a.txt'), 'nothing');
  writeFileSync(join(cwd, 'mixed/bad.com'), eicar());
  writeFileSync(join(cwd, 'mixed/good.txt'), 'nothing');
  writeFileSync(join(cwd, 'mixed/below/deeper/bad.iso'), eicar());
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** What is in the temporary folder, but for the copies of native modules that Bun keeps for the next start. */
const leftovers = () => readdirSync(temporary).filter((name) => !name.startsWith('.bun-'));

const scan = (args: string[], more: { stdin?: string | Uint8Array } = {}) =>
  run(['scan', ...args], { cwd, env: { TMPDIR: temporary }, ...more });

/** A ZIP archive whose one member is encrypted (APPNOTE.TXT 4.4.4: bit 0 of the flags). */
const encryptedZip = (): Uint8Array => {
  const name = 'secret.txt';
  const header = (signature: number, extra: number) => {
    const bytes = Buffer.alloc(26 + extra);
    bytes.writeUInt32LE(signature, 0);
    return bytes;
  };
  const local = Buffer.concat([header(0x04034b50, 4), Buffer.from(name), Buffer.alloc(28, 7)]);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(1, 6);
  local.writeUInt32LE(28, 18);
  local.writeUInt32LE(16, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.concat([header(0x02014b50, 20), Buffer.from(name)]);
  central.writeUInt16LE(20, 4);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(1, 8);
  central.writeUInt32LE(28, 20);
  central.writeUInt32LE(16, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
};

test('a clean file is OK, a summary follows, and the exit code is 0', async () => {
  const { stdout, lines, exitCode } = await scan(['clean']);
  expect(lines[0]).toBe('clean/a.txt: OK');
  expect(stdout).toContain('\n----------- SCAN SUMMARY -----------\n');
  expect(stdout).toContain('Scanned files: 1\nInfected files: 0\nNot scanned files: 0\nTotal errors: 0\n');
  expect(exitCode).toBe(0);
});

test('what is found has its name and the exit code 1, also beside an error', async () => {
  const { lines, exitCode } = await scan(['--no-summary', 'mixed', 'nothing-there']);
  expect(lines.filter((line) => line.startsWith('mixed/bad.com'))).toEqual([
    expect.stringMatching(/^mixed\/bad\.com: \S+ FOUND$/),
  ]);
  expect(lines).toContain('mixed/good.txt: OK');
  expect(lines.some((line) => /^nothing-there: .* ERROR$/.test(line))).toBe(true);
  expect(lines).toHaveLength(3);
  expect(exitCode).toBe(1);
});

test('a path without a file behind it is an error with the exit code 2', async () => {
  const { exitCode, lines } = await scan(['--no-summary', 'nothing-there']);
  expect(lines).toEqual([expect.stringMatching(/^nothing-there: .* ERROR$/)]);
  expect(exitCode).toBe(2);
});

test('folders in folders are looked into only with -r', async () => {
  expect((await scan(['mixed', '--no-summary'])).stdout).not.toContain('bad.iso');
  expect((await scan(['-r', 'mixed', '--no-summary'])).stdout).toContain('mixed/below/deeper/bad.iso: ');
});

test('a switch may be set to yes or no, as with clamscan, and to nothing else', async () => {
  for (const yes of ['--recursive=yes', '-r=yes', '--recursive=true']) {
    expect((await scan([yes, 'mixed', '--no-summary'])).stdout).toContain('mixed/below/deeper/bad.iso: ');
  }
  expect((await scan(['--recursive=no', 'mixed', '--no-summary'])).stdout).not.toContain('bad.iso');
  const { exitCode, stdout, stderr } = await scan(['--recursive=always', 'mixed']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toBe('assay: --recursive cannot be "always".\nhint: It is "yes" or "no".\n');
});

test('-i prints what was found and nothing else, and tells what is wrong beside it', async () => {
  const { lines, stderr } = await scan(['-ri', '--no-summary', 'mixed', 'clean/missing']);
  expect(stderr).toBe('clean/missing: There is no such file, or not any more ERROR\n');
  expect(lines).toHaveLength(2);
  expect(lines.every((line) => line.endsWith(' FOUND'))).toBe(true);
});

test('files and folders are left out by their paths', async () => {
  const { lines, exitCode } = await scan([
    '-r',
    '--no-summary',
    '--exclude',
    '\\.com$',
    '--exclude-dir',
    'deep',
    'mixed',
  ]);
  expect(lines).toEqual(['mixed/good.txt: OK']);
  expect(exitCode).toBe(0);
});

test('an encrypted archive is never OK', async () => {
  writeFileSync(join(cwd, 'odd/secret.zip'), encryptedZip());
  const { lines, exitCode } = await scan(['--no-summary', 'odd/secret.zip']);
  expect(lines).toEqual(['odd/secret.zip: Encrypted Archive NOT SCANNED']);
  expect(exitCode).toBe(2);
});

test('a workflow that allows encrypted archives does not make them OK', async () => {
  writeFileSync(join(cwd, 'odd/secret.zip'), encryptedZip());
  writeFileSync(join(cwd, 'workflow.json'), JSON.stringify({ blocked: [1] }));
  const { lines, exitCode } = await scan(['--json', '--no-summary', '--workflow', 'workflow.json', 'odd/secret.zip']);
  expect(JSON.parse(lines[0]!)).toMatchObject({ outcome: 'NOT SCANNED', status: 'Allowed', scanAllResultI: 12 });
  expect(exitCode).toBe(2);
});

test('a workflow with a mistake is refused with its place', async () => {
  writeFileSync(join(cwd, 'wrong.yaml'), 'blokced: [1]\n');
  const { stderr, exitCode } = await scan(['--workflow', 'wrong.yaml', 'clean']);
  expect(stderr).toContain('wrong.yaml:1:1');
  expect(stderr).toContain('did you mean "blocked"?');
  expect(exitCode).toBe(2);
});

test('a FIFO holds nothing up and is not OK', async () => {
  Bun.spawnSync(['mkfifo', join(cwd, 'odd/fifo')]);
  const { lines, exitCode } = await scan(['--no-summary', 'odd/fifo']);
  expect(lines).toEqual(['odd/fifo: It is a FIFO, not a regular file NOT SCANNED']);
  expect(exitCode).toBe(2);
});

test('a file that cannot be read is an error', async () => {
  // Root may read a file of mode 000; nobody reads the beginning of a process's memory.
  const paths = ['/proc/self/mem'];
  if (process.getuid?.() !== 0) {
    writeFileSync(join(cwd, 'odd/closed'), 'x', { mode: 0 });
    paths.push('odd/closed');
  }
  const { lines, exitCode } = await scan(['--no-summary', ...paths]);
  expect(lines.toSorted()).toEqual(paths.map((path) => expect.stringMatching(new RegExp(`^${path}: .* ERROR$`))));
  expect(exitCode).toBe(2);
});

test('no name of a file forges a line, reaches the terminal, or is run', async () => {
  const names = [
    'x\nforged: OK',
    'red\u001b[31m',
    '$(touch ran)',
    '`touch ran`',
    "'; touch ran; '",
    '-rf',
    'back\\slash',
  ];
  const folder = join(cwd, 'names');
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), 'x');
  const { stdout, lines, exitCode } = await scan(['--no-summary', 'names']);
  expect(lines.toSorted()).toEqual(
    [
      'names/x\\nforged: OK: OK',
      'names/red\\x1b[31m: OK',
      'names/$(touch ran): OK',
      'names/`touch ran`: OK',
      "names/'; touch ran; ': OK",
      'names/-rf: OK',
      'names/back\\\\slash: OK',
    ].toSorted(),
  );
  expect(stdout).not.toContain('\u001b');
  expect(readdirSync(cwd)).not.toContain('ran');
  expect(exitCode).toBe(0);

  const raw = await scan(['--json', '--no-summary', 'names']);
  expect(raw.lines.map((line) => JSON.parse(line).path).toSorted()).toEqual(names.map((n) => `names/${n}`).toSorted());
});

test('a name that looks like an option is a name behind --', async () => {
  writeFileSync(join(cwd, '-i'), eicar());
  const { lines, exitCode } = await scan(['--no-summary', '--', '-i']);
  expect(lines).toEqual([expect.stringMatching(/^-i: \S+ FOUND$/)]);
  expect(exitCode).toBe(1);
});

test('files whose names are not UTF-8 are looked into, found or named or listed', async () => {
  const folder = join(cwd, 'bytes');
  mkdirSync(folder);
  const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe, 0x2e])]);
  writeFileSync(path, eicar());
  expect((await scan(['--no-summary', 'bytes'])).exitCode).toBe(1);
  const list = Buffer.concat([path, Buffer.from('\n')]);
  const listed = await scan(['--no-summary', '-f', '-'], { stdin: list });
  expect(listed.exitCode).toBe(1);
  expect(listed.lines).toHaveLength(1);
  // No shell of JavaScript's passes such an argument on; a shell's own glob does.
  const shell = ['sh', '-c', '"$@" bytes/*', 'sh', ...assay, 'scan', '--no-summary'];
  const named = Bun.spawnSync(shell, { cwd, env: environment({ TMPDIR: temporary }) });
  expect(named.exitCode).toBe(1);
});

test('links that are named are followed, those that are met are not', async () => {
  symlinkSync(join(cwd, 'mixed/bad.com'), join(cwd, 'clean/link'));
  expect((await scan(['--no-summary', 'clean'])).lines).toEqual(['clean/a.txt: OK']);
  const { lines } = await scan(['--no-summary', 'clean/link']);
  expect(lines).toEqual([expect.stringMatching(/^clean\/link: \S+ FOUND$/)]);
});

test('standard input is looked into as stdin', async () => {
  const bad = await scan(['--no-summary', '-'], { stdin: eicar() });
  expect(bad.lines).toEqual([expect.stringMatching(/^stdin: \S+ FOUND$/)]);
  expect(bad.exitCode).toBe(1);
  const good = await scan(['--no-summary', '-', 'clean/a.txt'], { stdin: 'nothing' });
  expect(good.lines.toSorted()).toEqual(['clean/a.txt: OK', 'stdin: OK']);
});

test('a list of paths is read from a file or from standard input', async () => {
  writeFileSync(join(cwd, 'list'), 'mixed/good.txt\n\n./clean/a.txt');
  const fromFile = await scan(['--no-summary', '-f', 'list']);
  expect(fromFile.lines.toSorted()).toEqual(['./clean/a.txt: OK', 'mixed/good.txt: OK']);
  const fromStdin = await scan(['--no-summary', '--file-list', '-'], { stdin: 'mixed/bad.com\n' });
  expect(fromStdin.exitCode).toBe(1);
  expect((await scan(['-f', 'no-list'])).exitCode).toBe(2);
  expect((await scan(['-f', '-', '-'], { stdin: '' })).exitCode).toBe(2);
});

test('the log gets what is printed', async () => {
  const first = await scan(['-l', 'scan.log', 'clean/a.txt']);
  const second = await scan(['-l', 'scan.log', '--no-summary', 'clean/a.txt']);
  expect(readFileSync(join(cwd, 'scan.log'), 'utf8')).toBe(first.stdout + second.stdout);
});

test('an output that is full ends it with that and a hint', async () => {
  const full = ['sh', '-c', 'exec "$@" > /dev/full', 'sh'];
  for (const words of [
    ['scan', 'clean'],
    ['config', 'default'],
  ]) {
    const { exitCode, stderr } = await run(words, { cwd, through: full });
    expect(stderr).toMatch(/^assay: What is printed cannot be written: ENOSPC\.\nhint: .*\n$/);
    expect(exitCode).toBe(words[0] === 'scan' ? 2 : 74);
  }
});

test('with --json every line is an object, and the last one the summary', async () => {
  const { lines, exitCode } = await scan(['--json', '-r', 'mixed']);
  const objects = lines.map((line) => JSON.parse(line));
  expect(objects.at(-1)).toMatchObject({ type: 'summary', scanned: 3, infected: 2, notScanned: 0, errors: 0 });
  expect(objects.find(({ path }) => path === 'mixed/bad.com')).toMatchObject({
    type: 'file',
    outcome: 'FOUND',
    scanAllResultI: 1,
    status: 'Blocked',
    detections: ['Threat'],
    size: 68,
  });
  expect(exitCode).toBe(1);
});

test('what cannot be done is said with the way out', async () => {
  const cases: [string[], number, string][] = [
    [['scan'], 2, 'nothing to scan'],
    [['scan', 'clean', '--password-file', 'p'], 2, 'The password file p cannot be read'],
    [['scan', '-', '--password-file', '-'], 2, 'Standard input can be only one of'],
    [['scan', 'clean', '--exclude', '('], 2, 'no regular expression'],
    [['scan', '--infceted', 'clean'], 2, 'Did you mean --infected?'],
    [['scna', 'clean'], 64, 'Did you mean "scan"?'],
    [['scan', 'clean', '--config', 'no-config.yaml'], 2, 'no-config.yaml'],
  ];
  for (const [args, code, words] of cases) {
    const { stderr, stdout, exitCode } = await run(args, { cwd });
    expect({ args, exitCode, stdout }).toEqual({ args, exitCode: code, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toStartWith('assay: ');
  }
});

test('nothing is left behind: no folder, no process, however it ends', async () => {
  const many = join(cwd, 'many');
  mkdirSync(many);
  // More lines than a pipe holds: it cannot end by itself before it is told to.
  const long = 'x'.repeat(200);
  for (let i = 0; i < 3000; i++) writeFileSync(join(many, `${long}-${i}`), `file ${i}`);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const child = Bun.spawn([...assay, 'scan', 'many'], {
      cwd,
      env: environment({ TMPDIR: temporary }),
      stdout: 'pipe',
      stderr: 'ignore',
    });
    // The first results say that all of it is running.
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill(signal);
    while (!(await reader.read()).done);
    expect(await child.exited).toBe(code);
    expect(leftovers()).toEqual([]);
  }
  const early = Bun.spawn([...assay, 'scan', '-f', '-'], {
    cwd,
    env: environment({ TMPDIR: temporary }),
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  // Its own folder: for a moment there is a file, too, which loses its name before anything is in it.
  while (!leftovers().some((name) => name.startsWith('assay-scan-'))) await Bun.sleep(5);
  early.kill('SIGINT');
  expect(await early.exited).toBe(130);
  expect(leftovers()).toEqual([]);

  const hosts = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(temporary);
    } catch {
      return false;
    }
  });
  expect(hosts).toEqual([]);
});

test('a command line that is not right is told what it lacks, and never answered with an empty list', async () => {
  const refusals = {
    'user add': 'It needs NAME.\nhint: Write "assay user add NAME"',
    'storage add': 'It needs NAME and PATH.\nhint: Write "assay storage add NAME PATH"',
    user: 'No Assay answers',
    'config chek --nope': 'There is no command "chek".\nhint: Did you mean "check"?',
    'scans start': 'It needs --storage.',
    'scans --state done': '--state cannot be "done".\nhint: It is one of "running", "paused"',
    'scans --limit some': '--limit needs a whole number.',
  };
  const said = await Promise.all(Object.keys(refusals).map((line) => run(line.split(' '), { cwd })));
  expect(said.map(({ stdout }) => stdout)).toEqual(said.map(() => ''));
  expect(said.map(({ exitCode }) => exitCode)).toEqual([64, 64, 69, 64, 64, 64, 64]);
  Object.values(refusals).forEach((words, at) => {
    expect(said[at]?.stderr).toStartWith(`assay: ${words}`);
  });
});
