import { FFIType } from 'bun:ffi';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openLibc } from '../../src/core/libc';
import { eicar } from '../engines/samples';
import { temporaryFolder } from '../pipeline/app';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon } from './daemon';
import { AS_NOBODY, canBeNobody, isRoot } from './needs';

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let outside: string;
let daemon: RunningDaemon;
let before: string[];
/** What the API says of each file, by its path in the share. */
const results = new Map<string, any>();

const LONG = 'n'.repeat(255);
const NAMES = [
  'new\nline',
  '"quoted" \'twice\'',
  '$(touch pwned)',
  '`touch pwned`; touch pwned',
  '-rf',
  '--help',
  'tab\tand \x1b[31mred',
  '<script>alert(1)',
  ' ',
  '..hidden',
  'ünïcødé',
  '%2e%2e%2f',
  LONG,
];
const NEIGHBOURS = Array.from({ length: 200 }, (_, i) => `neighbour${i}`);
const FOUND = ['Available', 'Infected', 'YARA found EICAR_Test_File.'];
/** Levels of folders: far more than the 4096 bytes that the kernel takes as one path. */
const DEPTH = 5000;

/** All that lies under a folder: names, kinds, contents, times but that of reading. */
const manifest = (path: string): string[] =>
  readdirSync(path)
    .sort()
    .flatMap((name) => {
      const child = join(path, name);
      const stat = lstatSync(child, { bigint: true });
      const what = `${child} ${stat.mode} ${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
      if (stat.isSymbolicLink()) return [`${what} ${readlinkSync(child)}`];
      if (stat.isDirectory()) return [what, ...manifest(child)];
      return [`${what} ${stat.isFile() ? createHash('sha256').update(readFileSync(child)).digest('hex') : ''}`];
    });

const childrenOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);

const run = (...command: string[]) => {
  const { exitCode, stderr } = Bun.spawnSync(command, { stderr: 'pipe' });
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
};

/** Makes folders in folders, deeper than a path can say. */
const makeDeep = (where: string) => {
  const { mkdirat, openat } = openLibc({
    mkdirat: { args: [FFIType.i32, FFIType.cstring, FFIType.u32], returns: FFIType.i32 },
    openat: { args: [FFIType.i32, FFIType.cstring, FFIType.i32], returns: FFIType.i32 },
  });
  const name = Buffer.from('a\0');
  let fd = openSync(where, constants.O_RDONLY | constants.O_DIRECTORY);
  for (let i = 0; i < DEPTH; i++) {
    expect(mkdirat(fd, name, 0o755)).toBe(0);
    const below = openat(fd, name, constants.O_RDONLY | constants.O_DIRECTORY);
    closeSync(fd);
    fd = below;
  }
  closeSync(fd);
};

const rawName = Buffer.concat([Buffer.from('invalid '), Buffer.from([0xff, 0xfe, 0x80])]);

beforeAll(async () => {
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  outside = join(folder.path, 'outside');
  mkdirSync(join(outside, 'folder'), { recursive: true });
  writeFileSync(join(outside, 'secret'), eicar());
  writeFileSync(join(outside, 'folder/inner'), eicar());
  mkdirSync(share);

  run('mkfifo', join(share, 'fifo'));
  Bun.listen({ unix: join(share, 'socket'), socket: { data() {} } }).unref();
  if (isRoot) {
    run('mknod', join(share, 'character'), 'c', '1', '5');
    run('mknod', join(share, 'block'), 'b', '7', '0');
  }
  symlinkSync('/etc/passwd', join(share, 'link to passwd'));
  symlinkSync(join(outside, 'secret'), join(share, 'link to secret'));
  symlinkSync('loop b', join(share, 'loop a'));
  symlinkSync('loop a', join(share, 'loop b'));
  symlinkSync('/nowhere', join(share, 'dangling'));
  symlinkSync(outside, join(share, 'link to folder'));
  symlinkSync('..', join(share, 'link to parent'));

  for (const name of NAMES) writeFileSync(join(share, name), eicar());
  writeFileSync(Buffer.concat([Buffer.from(`${share}/`), rawName]), eicar());
  mkdirSync(join(share, 'deep'));
  makeDeep(join(share, 'deep'));

  writeFileSync(join(share, 'unreadable'), 'x');
  mkdirSync(join(share, 'closed'));
  writeFileSync(join(share, 'closed/inner'), 'x');
  chmodSync(join(share, 'unreadable'), 0);
  chmodSync(join(share, 'closed'), 0);

  const sparse = openSync(join(share, 'sparse'), 'w');
  ftruncateSync(sparse, 64 * 1024 ** 2);
  closeSync(sparse);
  writeFileSync(join(share, 'one name'), eicar());
  linkSync(join(share, 'one name'), join(share, 'another name'));
  writeFileSync(join(share, 'empty'), '');
  writeFileSync(join(share, 'innocent'), 'nothing to see here');
  for (const name of NEIGHBOURS) writeFileSync(join(share, name), name);

  chmodSync(folder.path, 0o777);
  before = manifest(outside);
  const through = canBeNobody ? AS_NOBODY : [];
  const config = join(folder.path, 'assay.yaml');
  writeFileSync(config, 'engines: { yara: {}, hashes: {} }\nscan: { threads: 2, backoff: 10ms }\n');
  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, share], through });
  const { id } = (await daemon.api('/api/scan')).entries[0];
  const scan = await scanIs(daemon, id, 'finished');
  expect(scan.counts.pending).toBe(0);
  for (const file of await filesOf(daemon, id)) results.set(file.path.slice(share.length + 1), file);
});
afterAll(async () => {
  await daemon?.kill('SIGKILL');
  chmodSync(join(share, 'closed'), 0o700);
  run('rm', '-rf', share);
  folder.remove();
});

/** A file's state with why it was not looked into, if it was not. */
const outcomeOf = (path: string) => {
  const file = results.get(path);
  return file && [file.state, file.scanAllResultA, file.exceptionDetails ?? file.blockedReason];
};

test('what is no regular file is told as such and never opened', () => {
  expect(outcomeOf('fifo')).toEqual(['Failed', 'Not Scanned', 'It is a FIFO, not a regular file.']);
  expect(outcomeOf('socket')).toEqual(['Failed', 'Not Scanned', 'It is a socket or a device, not a regular file.']);
});

test.skipIf(!isRoot)('devices are told as such', () => {
  for (const name of ['character', 'block'])
    expect(outcomeOf(name)).toEqual(['Failed', 'Not Scanned', 'It is a device, not a regular file.']);
});

test('links are not followed, wherever they lead', () => {
  const links = [
    'link to passwd',
    'link to secret',
    'loop a',
    'loop b',
    'dangling',
    'link to folder',
    'link to parent',
  ];
  for (const link of links) {
    expect([...results.keys()].filter((path) => path.startsWith(link))).toEqual([]);
  }
});

test('a name of any bytes is scanned like another', () => {
  for (const name of NAMES) expect(outcomeOf(name)).toEqual(FOUND);
  expect(outcomeOf(rawName.toString())).toEqual(FOUND);
  expect(outcomeOf('one name')).toEqual(FOUND);
  expect(outcomeOf('another name')).toEqual(FOUND);
});

test('folders deeper than a path can say end with a result that says so', () => {
  const deep = [...results.keys()].filter((path) => path.startsWith('deep/'));
  expect(deep).toHaveLength(1);
  expect(outcomeOf(deep[0]!)).toEqual(['Failed', 'Failed', 'Its path is longer than this system takes.']);
});

test.skipIf(isRoot && !canBeNobody)('what may not be read is Failed with the reason, a folder too', () => {
  for (const name of ['unreadable', 'closed'])
    expect(outcomeOf(name)).toEqual(['Failed', 'Failed', 'Assay may not read it: permission denied.']);
});

test('their neighbours are judged as ever', () => {
  for (const name of ['empty', 'innocent', 'sparse', ...NEIGHBOURS])
    expect(outcomeOf(name)).toEqual(['Available', 'No Threat Detected', undefined]);
});

test('nothing outside was touched, and nothing inside was made', () => {
  expect(manifest(outside)).toEqual(before);
  const made = readdirSync(share, { encoding: 'buffer' }).map(String);
  expect(made.filter((name) => name === 'pwned')).toEqual([]);
  expect(readdirSync(folder.path).sort()).toEqual(['assay.yaml', 'outside', 'share', 'state']);
});

test('the log is lines of JSON, whatever names say', () => {
  const lines = daemon
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
});

test('files that are made up as they are read are never called clean', async () => {
  const { id: storageId } = await daemon.api(
    '/api/storage',
    post({ name: 'made up', options: { kind: 'local', path: '/proc/version' } }),
  );
  const { id } = await daemon.api('/api/scan', post({ storageId }));
  await scanIs(daemon, id, 'finished');
  expect(await filesOf(daemon, id)).toMatchObject([
    { state: 'Failed', scanAllResultA: 'Failed', exceptionDetails: 'It holds more, or less, than its size says.' },
  ]);
});

test('a file that is cut off while it is mapped costs an attempt, and nothing else', async () => {
  const folderOf = join(folder.path, 'cut');
  const path = join(folderOf, 'large');
  mkdirSync(folderOf);
  writeFileSync(path, '');
  chmodSync(folderOf, 0o755);
  const { id: storageId } = await daemon.api(
    '/api/storage',
    post({ name: 'cut', options: { kind: 'local', path: folderOf } }),
  );
  const isMapped = () => {
    try {
      return childrenOf(daemon.pid).some((pid) => readFileSync(`/proc/${pid}/maps`, 'latin1').includes(path));
    } catch {
      // It has just ended.
      return false;
    }
  };
  const sawBusError = () => daemon.output().includes('SIGBUS');
  // When the scan is done before the file is cut, it is tried again.
  while (!sawBusError()) {
    truncateSync(path, 256 * 1024 ** 2);
    const { id } = await daemon.api('/api/scan', post({ storageId }));
    let state = 'running';
    const watch = async () => {
      while (state === 'running') {
        if (isMapped()) truncateSync(path, 0);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all([
      watch(),
      scanIs(daemon, id, 'finished').then((scan) => {
        state = scan.state;
      }),
    ]);
    const [file] = await filesOf(daemon, id);
    expect(['Available', 'Failed']).toContain(file.state);
  }
  const { id } = await daemon.api('/api/scan', post({ storageId }));
  await scanIs(daemon, id, 'finished');
  expect(await filesOf(daemon, id)).toMatchObject([{ state: 'Available', scanAllResultA: 'No Threat Detected' }]);
});
