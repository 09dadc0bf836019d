import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { post, type RunningDaemon, scanIs, startDaemon } from './daemon';

let folder: ReturnType<typeof temporaryFolder>;
let state: string;
let daemon: RunningDaemon;
let password: string;

const start = async (paths: string[] = []) => {
  const config = join(folder.path, 'assay.yaml');
  writeFileSync(
    config,
    `engines:\n  misbehaving: {}\nplugins: [${misbehaving}]\nscan: { threads: 2 }\nlog: { level: debug }\n`,
  );
  // As started by hand: nobody has made the umask strict.
  daemon = await startDaemon({
    cwd: folder.path,
    args: ['--config', config, ...paths],
    through: ['sh', '-c', 'umask 022; exec "$@"', 'sh'],
  });
  return daemon;
};

const filesIn = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(path, entry.name)) : entry.isFile() ? [join(path, entry.name)] : [],
  );
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const passwordsIn = (output: string) => [...output.matchAll(/password {2}(\S+)/g)].map(([, word]) => word as string);

beforeAll(async () => {
  folder = temporaryFolder();
  state = join(folder.path, 'state');
  const share = join(folder.path, 'share');
  mkdirSync(share);
  for (let i = 0; i < 50; i++) writeFileSync(join(share, `file${i}`), 'x');
  await start([share]);
  [password] = passwordsIn(daemon.output()) as [string];
  const { id } = (await daemon.api('/api/scan')).entries[0];
  await scanIs(daemon, id, 'finished');
});
afterAll(async () => {
  await daemon?.kill('SIGKILL');
  folder.remove();
});

test('the first password is printed once, and signs in', async () => {
  expect(daemon.output().split(password)).toHaveLength(2);
  expect(password).toHaveLength(20);
  const answer = await daemon.api('/api/user/authenticate', post({ userName: 'admin', password }));
  expect(answer.accessToken).toBeString();
});

test('neither it nor the key or a token is in the state, in a log, or in what /proc shows of the daemon and its host', async () => {
  const { accessToken, refreshToken } = await daemon.api(
    '/api/user/authenticate',
    post({ userName: 'admin', password }),
  );
  const key = readFileSync(join(state, 'instance.key'));
  const secrets = [password, accessToken, refreshToken, key.toString('hex'), key.toString('base64')];
  const children = readFileSync(`/proc/${daemon.pid}/task/${daemon.pid}/children`, 'utf8').split(' ').filter(Boolean);
  expect(children.length).toBeGreaterThan(0);
  const shown = [String(daemon.pid), ...children].flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  for (const path of [...filesIn(state), ...shown]) {
    const content = readFileSync(path);
    for (const [index, secret] of secrets.entries()) {
      expect(`${path} ${index} ${content.includes(secret as string)}`).toBe(`${path} ${index} false`);
    }
  }
  const [, ...log] = daemon.output().split(password);
  expect(secrets.filter((secret) => log.join().includes(secret as string))).toEqual([]);
});

test('what is kept is for its owner alone', () => {
  expect(modeOf(state)).toBe('700');
  expect(modeOf(join(state, 'instance.key'))).toBe('600');
  expect(readdirSync(state)).toContain('assay.db-wal');
  for (const path of filesIn(state)) expect(`${path} ${modeOf(path)}`).toBe(`${path} 600`);
  expect(modeOf(join(state, 'assay.sock'))).toBe('660');
  expect(modeOf(join(state, 'hosts'))).toBe('700');
});

test('a second start prints no password, and the first one still signs in', async () => {
  expect(await daemon.kill('SIGTERM')).toBe(0);
  await start();
  expect(passwordsIn(daemon.output())).toEqual([]);
  expect(daemon.output()).not.toContain(password);
  const answer = await daemon.api('/api/user/authenticate', post({ userName: 'admin', password }));
  expect(answer.accessToken).toBeString();
});
