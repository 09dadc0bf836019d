import { FFIType, ptr } from 'bun:ffi';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLibc } from '../../src/core/libc';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { type RunningDaemon, startDaemon, until } from './daemon';

const AF_UNIX = 1;
const SOCK_DGRAM_NONBLOCK = 2 | 0o4000;

let folder: ReturnType<typeof temporaryFolder>;
let config: string;
let daemon: RunningDaemon | undefined;
let service: ReturnType<typeof bindDatagrams>;

/** What systemd does: a Unix datagram socket at a path (or, after an @, at an abstract name), and what came in there. */
const bindDatagrams = (name: string) => {
  const libc = openLibc({
    socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
    bind: { args: [FFIType.i32, FFIType.ptr, FFIType.u32], returns: FFIType.i32 },
    recv: { args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i32], returns: FFIType.i64 },
    close: { args: [FFIType.i32], returns: FFIType.i32 },
  });
  const path = Buffer.from(name.replace(/^@/, '\0'));
  const address = Buffer.concat([Buffer.from(new Uint16Array([AF_UNIX]).buffer), path]);
  const fd = libc.socket(AF_UNIX, SOCK_DGRAM_NONBLOCK, 0);
  if (libc.bind(fd, ptr(address), address.length) !== 0) throw new Error(`cannot bind ${name}`);
  const received: string[] = [];
  const buffer = Buffer.alloc(4096);
  return {
    /** All messages so far. */
    received: (): string[] => {
      for (;;) {
        const n = Number(libc.recv(fd, ptr(buffer), buffer.length, 0));
        if (n < 0) return received;
        received.push(buffer.subarray(0, n).toString());
      }
    },
    close: () => libc.close(fd),
  };
};

beforeEach(() => {
  folder = temporaryFolder();
  config = join(folder.path, 'assay.yaml');
  writeFileSync(config, `engines:\n  misbehaving: {}\nplugins: [${misbehaving}]\nscan: { threads: 2 }\n`);
});
afterEach(async () => {
  await daemon?.kill('SIGKILL');
  daemon = undefined;
  service.close();
  folder.remove();
});

const start = async (name: string, env: { [name: string]: string } = {}, wait?: () => Promise<void>) => {
  service = bindDatagrams(name);
  const starting = startDaemon({
    cwd: folder.path,
    args: ['--config', config],
    env: { NOTIFY_SOCKET: name, ...env },
  });
  await wait?.();
  daemon = await starting;
  return daemon;
};

const count = (message: string) => service.received().filter((one) => one === message).length;

test('READY=1 comes once, and only when the API answers', async () => {
  let answered: number | undefined;
  const running = await start(join(folder.path, 'notify'), {}, async () => {
    await until(async () => service.received().length > 0);
    const socket = join(folder.path, 'state/assay.sock');
    answered = (await fetch('http://localhost/api/health', { unix: socket })).status;
  });
  expect(answered).toBe(200);
  expect(service.received()).toEqual(['READY=1']);
  expect(await running.kill('SIGTERM')).toBe(0);
  expect(service.received()).toEqual(['READY=1', 'STOPPING=1']);
});

test('WATCHDOG=1 comes again and again while the daemon is well, under an abstract name too', async () => {
  await start(`@assay-test-${process.pid}`, { WATCHDOG_USEC: '100000' });
  await until(async () => count('WATCHDOG=1') >= 5);
  expect(service.received()[0]).toBe('READY=1');
});

test('without a watchdog none is fed, and a start that fails never says READY=1', async () => {
  const running = await start(join(folder.path, 'notify'));
  const second = startDaemon({
    cwd: folder.path,
    args: ['--config', config],
    env: { NOTIFY_SOCKET: join(folder.path, 'notify') },
  });
  await second.catch(() => {});
  await running.kill('SIGTERM');
  expect(service.received()).toEqual(['READY=1', 'STOPPING=1']);
});

test('SIGHUP opens the engines anew, in another process, and the daemon goes on', async () => {
  const running = await start(join(folder.path, 'notify'));
  const hosts = () =>
    Bun.spawnSync(['cat', `/proc/${running.pid}/task/${running.pid}/children`])
      .stdout.toString()
      .split(' ')
      .filter(Boolean);
  const [before] = hosts();
  expect(before).toBeString();
  process.kill(running.pid, 'SIGHUP');
  await until(async () => hosts().length === 1 && !hosts().includes(before as string));
  expect(await running.status('/api/health')).toBe(200);
  expect(running.output()).toContain('opening the engines anew');
  expect(await running.kill('SIGTERM')).toBe(0);
});
