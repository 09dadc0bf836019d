import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FAULTS, type FaultCode } from '../../src/core/fault';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { type RunOptions, run } from './assay';
import { type RunningDaemon, startDaemon } from './daemon';
import { AS_NOBODY, canBeNobody } from './needs';

let folder: ReturnType<typeof temporaryFolder>;
let config: string;
let daemon: RunningDaemon | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  config = join(folder.path, 'assay.yaml');
  write('listen: 127.0.0.1:0');
});
afterEach(async () => {
  await daemon?.kill('SIGKILL');
  daemon = undefined;
  folder.remove();
});

/** Writes the configuration. */
const write = (...lines: string[]) => writeFileSync(config, [...lines, ''].join('\n'));

const serve = (args: string[] = [], options: Partial<RunOptions> = {}) => {
  const words = ['serve', ...args];
  if (!args.includes('--config')) words.push('--config', config);
  if (!args.includes('--data-dir')) words.push('--data-dir', join(folder.path, 'state'));
  return run(words, { cwd: folder.path, ...options });
};

/** One clear line and a hint, the fault's exit code, nothing on standard output, and no stack. */
const refused = async (ended: ReturnType<typeof serve>, code: FaultCode, says: string | RegExp, hint: string) => {
  const { exitCode, stdout, stderr } = await ended;
  expect(stderr).toMatch(/^assay: [^\n]+\n(hint: [^\n]+\n)?$/);
  const [message, advice] = stderr.split('\n');
  expect(message).toMatch(says);
  expect(advice).toContain(hint);
  expect({ exitCode, stdout }).toEqual({ exitCode: FAULTS[code].exit, stdout: '' });
};

const start = async (args: string[] = []) => {
  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, ...args] });
  return daemon;
};

describe('a start is refused with its reason and what to do', () => {
  test('when the port is in use, and the first password is not lost with it', async () => {
    const other = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const address = `127.0.0.1:${other.port}`;
    await refused(serve(['--listen', address]), 'ADDRESS_IN_USE', `${address} is in use`, '--listen');
    other.stop(true);
    expect((await start()).output()).toMatch(/password {2}\w{20} /);
  });

  test('when the address is not of this host', async () => {
    await refused(serve(['--listen', '203.0.113.1:80']), 'NOT_POSSIBLE', '203.0.113.1:80', 'an address of this host');
  });

  test('when the socket is of another program, which keeps it', async () => {
    const socket = join(folder.path, 'theirs.sock');
    const theirs = Bun.serve({ unix: socket, fetch: () => new Response('theirs') });
    await refused(serve(['--socket', socket]), 'ADDRESS_IN_USE', `${socket} is in use by another program`, '--socket');
    expect(await (await fetch('http://localhost', { unix: socket })).text()).toBe('theirs');
    await theirs.stop(true);
  });

  test("when something else lies at the socket's path, which stays", async () => {
    const path = join(folder.path, 'precious');
    writeFileSync(path, 'precious');
    symlinkSync(path, join(folder.path, 'link'));
    for (const socket of [path, join(folder.path, 'link'), folder.path]) {
      await refused(serve(['--socket', socket]), 'ADDRESS_IN_USE', 'there is something else', '--socket');
    }
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect(lstatSync(join(folder.path, 'link')).isSymbolicLink()).toBe(true);
  });

  test('when the socket cannot be made', async () => {
    const long = join(folder.path, 'x'.repeat(150));
    await refused(serve(['--socket', long]), 'NOT_POSSIBLE', 'too long for a Unix socket', '--socket');
    const nowhere = join(folder.path, 'nowhere/assay.sock');
    await refused(serve(['--socket', nowhere]), 'NOT_POSSIBLE', `${nowhere} cannot be made: ENOENT`, '--socket');
  });

  test('when a path to scan is not there, and the others are not begun', async () => {
    const nowhere = join(folder.path, 'nowhere');
    await refused(serve([folder.path, nowhere]), 'STORAGE_UNREACHABLE', `${nowhere} cannot be read: ENOENT`, 'Check');
    const running = await start();
    expect((await running.api('/api/scan')).entries).toEqual([]);
    expect(running.output()).toContain('password');
  });

  test('when the data directory is no folder, or cannot be', async () => {
    for (const [dir, why] of [
      [config, 'is no folder'],
      [join(config, 'below'), 'is no folder'],
      ['/proc/assay', 'ENOENT'],
    ] as const) {
      await refused(serve(['--data-dir', dir]), 'NOT_POSSIBLE', why, '--data-dir');
    }
  });

  test.skipIf(!canBeNobody)('when the data directory, the key or the database is not its own', async () => {
    chmodSync(folder.path, 0o755);
    const state = join(folder.path, 'state');
    const asNobody = () => serve([], { through: AS_NOBODY });
    mkdirSync(state, { mode: 0o700 });
    await refused(asNobody(), 'NOT_POSSIBLE', `${state} cannot be used: EACCES`, 'belongs to the user');

    await (await start()).kill('SIGTERM');
    chownSync(state, 65534, 65534);
    const give = (...names: string[]) => {
      for (const name of names) chownSync(join(state, name), 65534, 65534);
    };
    give('lock', 'hosts');
    await refused(asNobody(), 'NOT_POSSIBLE', `${state} cannot be used: EACCES`, 'belongs to the user');
    give('instance.key');
    await refused(asNobody(), 'NOT_POSSIBLE', 'assay.db cannot be opened for writing', 'belongs to the user');
    chmodSync(join(state, 'assay.db'), 0o444);
    await refused(asNobody(), 'NOT_POSSIBLE', 'assay.db cannot be opened for writing', 'belongs to the user');
  });
});

describe('a wrong configuration is named with its place and what was probably meant', () => {
  const PLUGIN = 'plugin.ts';
  const wrong: [what: string, lines: string[], says: string, hint: string][] = [
    ['unknown key', ['log:', '  levle: info'], ':2:3: unknown key "log.levle"', 'did you mean "level"'],
    ['wrong value', ['scan:', '  threads: many'], ':2:12: scan.threads: expected number', ''],
    ['unknown engine', ['engines:', '  yarra: {}'], ':2:3: unknown engine "yarra"', 'did you mean "yara"'],
    ['engine option', ['engines:', '  yara:', '    rule: [/a]'], ':3:5: unknown key "engines.yara.rule"', '"rules"'],
    ['no such plugin', ['log: {}', 'plugins: [nowhere.ts]'], ':2:11: The plugin', 'Check the path'],
    ['plugin that does not parse', ['plugins: [broken.ts]'], ':1:11: The plugin', 'TypeScript or JavaScript'],
    ['plugin that throws', ['plugins:', '  - throws.ts'], 'cannot be loaded: out of order', 'TypeScript or JavaScript'],
    ['plugin that is no engine', [`plugins: [${PLUGIN}]`], ':1:11: The plugin', 'CONTRIBUTING.md'],
    [
      'two engines with one id',
      [`plugins: [${misbehaving}, ${misbehaving}]`],
      'two engines have the id',
      'Give the plugin an id',
    ],
    ['not YAML', ['listen: [', 'log: {}'], 'not YAML', 'Indent with spaces'],
    ['no file at all', [], 'cannot be read: does not exist', '--config'],
  ];
  for (const [what, lines, says, hint] of wrong) {
    test(what, async () => {
      writeFileSync(join(folder.path, PLUGIN), 'export default { id: "half" };');
      writeFileSync(join(folder.path, 'broken.ts'), 'export default {');
      writeFileSync(join(folder.path, 'throws.ts'), 'throw new Error("out of order");');
      write(...lines);
      const options = lines.length === 0 ? ['--config', join(folder.path, 'nowhere.yaml')] : [];
      await refused(serve(options), 'CONFIG_INVALID', says, hint);
    });
  }

  test('a remote database that is none', async () => {
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('no', { status: 501 }) });
    const databases: [url: string, code: FaultCode, says: string][] = [
      ['libsql://127.0.0.1:1', 'NOT_POSSIBLE', 'libsql://127.0.0.1:1 cannot be used: ECONNREFUSED'],
      ['http://user:sesame@127.0.0.1:1', 'NOT_POSSIBLE', 'http://127.0.0.1:1 cannot be used'],
      ['ws://127.0.0.1:1', 'NOT_POSSIBLE', 'ws://127.0.0.1:1 cannot be used'],
      ['http://nowhere.invalid', 'NOT_POSSIBLE', 'http://nowhere.invalid cannot be used'],
      [`http://127.0.0.1:${server.port}`, 'NOT_POSSIBLE', 'HTTP status 501'],
      ['mysql://127.0.0.1', 'CONFIG_INVALID', 'mysql://127.0.0.1 is not a URL of a libSQL server'],
      ['nothing', 'CONFIG_INVALID', 'nothing is not a URL'],
    ];
    for (const [url, code, says] of databases) {
      const ended = serve([], { env: { ASSAY_DATABASE_URL: url, ASSAY_DATABASE_AUTH_TOKEN: 'sesame' } });
      await refused(ended, code, says, 'database.authTokenFile');
      expect((await ended).stderr).not.toContain('sesame');
    }
    await server.stop(true);
  });
});

test('a data directory whose path is long, or full of what URLs and shells make much of, works', async () => {
  const cwd = join(folder.path, 'x'.repeat(120), 'a b%41?c#d\'"$(e)');
  daemon = await startDaemon({ cwd, args: ['--config', config] });
  expect(await daemon.status('/api/health')).toBe(200);
  expect(existsSync(join(cwd, 'state/assay.db'))).toBe(true);
  expect(await daemon.kill('SIGTERM')).toBe(0);
});

test('what a daemon that was killed left at its socket is taken over', async () => {
  await (await start()).kill('SIGKILL');
  expect(existsSync(join(folder.path, 'state/assay.sock'))).toBe(true);
  expect(await (await start()).status('/api/health')).toBe(200);
});
