import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { canMount } from '../e2e/needs';
import { temporaryFolder } from './app';

const CHILD = join(import.meta.dir, '../fixtures/mount-child.ts');

test.skipIf(!canMount)(
  'a share that is unmounted makes its files wait, and its empty folder is not taken for it; mounted again, nothing was missed',
  async () => {
    const folder = temporaryFolder();
    const command = ['unshare', '--mount', process.execPath, CHILD, folder.path];
    const child = Bun.spawn(command, { stdout: 'inherit', stderr: 'inherit' });
    expect(await child.exited).toBe(0);
    folder.remove();
  },
  120_000,
);
