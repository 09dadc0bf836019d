import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadInstanceKey } from '../../src/store/instance-key';
import { createSeal } from '../../src/store/seal';
import { openStore } from '../../src/store/store';
import { SEVENZIP } from '../../src/unpack/fixtures/sevenzip';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { assay, environment, run } from './assay';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

/** With spaces around it, as a password may have. */
const SECRET = ' Zz open sesame Zz ';
const FOREIGN = 'пароль-密码-ключ';
const secrets = [SECRET.trim(), FOREIGN];
const FILES = 300;

let folder: ReturnType<typeof temporaryFolder>;
let config: string;
let daemon: RunningDaemon;
let scanId: string;
let fileId: string;
/** What every daemon of this test wrote. */
const outputs: (() => string)[] = [];

const state = () => join(folder.path, 'state');
const start = async (paths: string[] = []) => {
  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, ...paths] });
  outputs.push(daemon.output);
};
const cli = (args: string[], stdin?: string | Uint8Array) =>
  run([...args, '--data-dir', state(), '--config', config], { cwd: folder.path, stdin });

const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true })
    .map((name) => join(path, String(name)))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());

/** The processes of the daemon: itself, its engine host, and what that started. */
const processes = (pid: number): number[] => [
  pid,
  ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .flatMap(processes),
];

/** All that can be read of the daemon from outside. */
const everything = async (rescanId: string): Promise<[where: string, what: Uint8Array][]> => {
  const asked = [
    `/api/rescan/${rescanId}`,
    '/api/rescan',
    '/api/audit?limit=1000',
    `/api/file/${fileId}`,
    `/api/file/${fileId}/history`,
    '/api/scan',
    `/api/scan/${scanId}`,
    `/api/scan/${scanId}/files`,
    ...['json', 'csv'].map((format) => `/api/scan/${scanId}/report?format=${format}`),
    '/api/workflow',
    '/api/openapi.json',
    '/metrics',
  ];
  const answers = asked.map(async (path): Promise<[string, Uint8Array]> => {
    const answer = await fetch(`http://localhost${path}`, { unix: daemon.socket });
    expect([path, answer.status]).toEqual([path, 200]);
    return [path, await answer.bytes()];
  });
  const paths = [
    ...filesBelow(state()),
    ...processes(daemon.pid).flatMap((pid) => ['cmdline', 'environ'].map((name) => `/proc/${pid}/${name}`)),
  ];
  return [
    ...(await Promise.all(answers)),
    ...paths.map((path): [string, Uint8Array] => [path, readFileSync(path)]),
    ...outputs.map((output, at): [string, Uint8Array] => [`output ${at}`, Buffer.from(output())]),
  ];
};

const findSecrets = async (rescanId: string): Promise<string[]> => {
  const all = await everything(rescanId);
  expect(all.map(([where]) => where)).toContain(join(state(), 'assay.db-wal'));
  return all.filter(([, what]) => secrets.some((secret) => Buffer.from(what).includes(secret))).map(([where]) => where);
};

/** The passwords that the store of a daemon that does not run has of a rescan, opened with its key. */
const keptOf = async (rescanId: string): Promise<string[]> => {
  const store = await openStore(`file:${join(state(), 'assay.db')}`, createSeal(loadInstanceKey(state())));
  try {
    return await store.rescans.passwords(rescanId);
  } finally {
    await store.close();
  }
};

const rescanIs = (id: string, ...states: string[]) =>
  until(async () => states.includes((await daemon.api(`/api/rescan/${id}`)).state));

beforeAll(async () => {
  folder = temporaryFolder();
  const share = join(folder.path, 'share');
  mkdirSync(share);
  for (let i = 0; i < FILES; i++) writeFileSync(join(share, `file${i}`), 'slow');
  writeFileSync(join(folder.path, 'letter'), 'nothing to see');
  const locked = [SEVENZIP, 'a', '-bso0', `-p${SECRET}`, '-mem=AES256', join(share, 'locked.zip'), 'letter'];
  expect(Bun.spawnSync(locked, { cwd: folder.path }).exitCode).toBe(0);
  config = join(folder.path, 'assay.yaml');
  writeFileSync(
    config,
    `engines:\n  misbehaving: {}\nplugins: [${misbehaving}]\nscan: { threads: 1 }\nlog: { level: debug }\n`,
  );
  await start([share]);
  scanId = (await daemon.api('/api/scan')).entries[0].id;
  await scanIs(daemon, scanId, 'finished');
  fileId = (await filesOf(daemon, scanId)).find(({ name }) => name === 'locked.zip').id;
});
afterAll(async () => {
  await daemon?.kill('SIGKILL');
  folder.remove();
});

test('passwords of a report are nowhere to be seen before, during and after its rescan, and outlive kill -9 until it ends', async () => {
  const events = await fetch('http://localhost/api/events', { unix: daemon.socket });
  const told = events.text().catch(() => '');
  const wish = { passwords: [SECRET, FOREIGN, SECRET, ''] };
  const answer = await daemon.api(`/api/scan/${scanId}/reprocess`, post(wish));
  const { rescanId } = answer;
  expect(answer.count).toBe(FILES + 1);
  expect((await daemon.api(`/api/rescan/${rescanId}/pause`, post())).state).toBe('paused');
  expect(await findSecrets(rescanId)).toEqual([]);

  await daemon.kill('SIGKILL');
  expect(await told).not.toContain(SECRET.trim());
  expect(await keptOf(rescanId)).toEqual([SECRET, FOREIGN]);
  await start();
  expect((await daemon.api(`/api/rescan/${rescanId}/resume`, post())).state).toBe('running');
  expect(await findSecrets(rescanId)).toEqual([]);
  await rescanIs(rescanId, 'finished');
  expect(await findSecrets(rescanId)).toEqual([]);
  // They were tried: what was locked is open.
  const { changes } = await daemon.api(`/api/rescan/${rescanId}`);
  expect(changes.newlyReadable).toMatchObject({
    count: 1,
    files: [{ path: join(folder.path, 'share', 'locked.zip') }],
  });

  const { entries } = await daemon.api('/api/audit');
  expect(entries.find((entry: any) => entry.action === 'rescan.start')).toMatchObject({
    detail: { rescanId, passwords: 2 },
  });
  await daemon.kill('SIGKILL');
  expect(await keptOf(rescanId)).toEqual([]);
  await start();
  expect(await findSecrets(rescanId)).toEqual([]);
});

test('those of a rescan that is cancelled are gone with it, also when kill -9 follows at once', async () => {
  const wish = { fileIds: (await filesOf(daemon, scanId)).map(({ id }) => id), passwords: [SECRET, FOREIGN] };
  const { rescanId } = await daemon.api('/api/file/ondemandscan', post(wish));
  expect((await daemon.api(`/api/rescan/${rescanId}/cancel`, post())).state).toBe('canceled');
  expect(await findSecrets(rescanId)).toEqual([]);
  await daemon.kill('SIGKILL');
  expect(await keptOf(rescanId)).toEqual([]);
  await start();
});

test('what is refused, and what goes wrong, names no password', async () => {
  const long = `${SECRET}${'x'.repeat(1024)}`;
  const wrong: [string, RequestInit][] = [
    ['/api/file/ondemandscan', post({ fileId, passwords: [long] })],
    ['/api/file/ondemandscan', post({ fileId, passwords: Array(1001).fill(SECRET) })],
    ['/api/file/ondemandscan', post({ fileId, passwords: SECRET })],
    ['/api/file/ondemandscan', post({ fileId: 'none', passwords: [SECRET] })],
    ['/api/file/ondemandscan', { method: 'POST', body: `{"fileId":"${fileId}","passwords":["${SECRET}",}` }],
    [`/api/scan/${scanId}/reprocess`, post({ passwords: [long] })],
    [`/api/scan/${scanId}/reprocess`, post({ workflowId: 'none', passwords: [SECRET] })],
  ];
  for (const [path, init] of wrong) {
    expect([400, 404]).toContain(await daemon.status(path, init));
    expect(JSON.stringify(await daemon.api(path, init))).not.toContain(SECRET.trim());
  }
  expect(outputs.map((output) => output()).join()).not.toContain(SECRET.trim());
});

describe('assay rescan takes passwords', () => {
  const path = () => join(folder.path, 'share', 'file0');
  const given = async () => (await daemon.api('/api/audit?limit=1')).entries[0].detail.passwords;

  test('from a file, from standard input, and on the command line, each once', async () => {
    const file = join(folder.path, 'passwords');
    writeFileSync(file, `\uFEFF${SECRET}\r\n\n${FOREIGN}\n${SECRET}`);
    for (const [args, stdin, count] of [
      [['--password-file', file], undefined, 2],
      [['--password-file', '-'], `${FOREIGN}\n\n`, 1],
      [['--password', 'a', '--password', 'b', '--password-file', file], undefined, 4],
      [['--password=-b', '--password', ' '], undefined, 2],
      [[], undefined, 0],
    ] as const) {
      const { exitCode, stdout, stderr } = await cli(['rescan', '--wait', path(), ...args], stdin);
      expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: '' });
      expect(stdout).not.toContain(FOREIGN);
      expect(await given()).toBe(count);
    }
    const report = await cli(['rescan', '--scan', scanId, '--wait', '--password-file', '-'], SECRET);
    expect(report.exitCode).toBe(0);
    expect(await given()).toBe(1);
  });

  test('within limits, told by their number', async () => {
    for (const [args, stdin, words] of [
      [['--password-file', '-'], `${SECRET}\n${'x'.repeat(1025)}\n`, 'Password 2 is longer than 1024 characters.'],
      [['--password-file', '-'], Array.from({ length: 1001 }, (_, i) => `${SECRET}${i}`).join('\n'), '1000 are taken'],
      [['--password-file', '-'], Buffer.from('gr\u00fcn', 'latin1'), 'not UTF-8'],
      [['--password-file', join(folder.path, 'none')], undefined, 'cannot be read'],
      [['--ask-password'], 'x\n', 'on a terminal only'],
      [['--ask-password', '--password-file', '-'], 'x\n', 'Standard input'],
      [['--password'], undefined, 'The option --password needs a value'],
      [['--password', '--wait'], undefined, '--password=VALUE'],
    ] as const) {
      const { exitCode, stdout, stderr } = await cli(['rescan', path(), ...args], stdin);
      expect([64, 66]).toContain(exitCode);
      expect(stderr).toContain(words);
      expect(stderr).not.toContain(SECRET.trim());
      expect(stdout).toBe('');
    }
  });

  /** Types lines at the prompts of a command on a terminal, or pastes them; returns what the terminal shows. */
  const type = async (lines: string[]) => {
    let shown = '';
    const command = [...assay, 'rescan', '--ask-password', path(), '--wait', '--socket', daemon.socket];
    const child = Bun.spawn(command, {
      cwd: folder.path,
      env: environment(),
      terminal: {
        data: (_, piece) => {
          shown += Buffer.from(piece).toString();
        },
      },
    });
    for (const line of lines) {
      const before = shown;
      await until(async () => shown !== before && /(Password|Enter): $/.test(shown));
      child.terminal?.write(line);
    }
    return { exitCode: await child.exited, shown };
  };

  test('at a prompt that shows nothing, until an empty line', async () => {
    const { exitCode, shown } = await type([`${SECRET}x\u007f\r`, `${FOREIGN}\r`, '\r']);
    expect(exitCode).toBe(0);
    expect(shown.match(/Password: /g)).toHaveLength(1);
    expect(shown.match(/Another one, or Enter: /g)).toHaveLength(2);
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(await given()).toBe(2);
  });

  test('at a prompt, several lines that are pasted at once', async () => {
    const { exitCode, shown } = await type([`${SECRET}\r${FOREIGN}\r\r`]);
    expect(exitCode).toBe(0);
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(await given()).toBe(2);
  });

  test.each(['\r', '\u0003', 'abc\u0004'])('but not %j, which gives none', async (keys) => {
    const { exitCode, shown } = await type([keys]);
    expect(exitCode).toBe(64);
    expect(shown).toContain('No password was given');
  });
});

test('assay scan takes a file of passwords', async () => {
  const share = join(folder.path, 'share', 'locked.zip');
  const scan = (args: string[], stdin?: string) =>
    run(['scan', share, '--config', config, ...args], { cwd: folder.path, stdin });
  expect((await scan([])).exitCode).toBe(2);
  expect((await scan(['--password-file', '-'], `wrong\n${SECRET}\n`)).exitCode).toBe(0);
  const refused = await scan(['--password-file', '-'], `${'x'.repeat(2000)}\n`);
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Password 1 is longer') });
});
