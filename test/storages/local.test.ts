import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Kernel, openKernel } from '../../src/storages/kernel';
import { createLocal } from '../../src/storages/local';
import { conformance, type Ground } from './conformance';

const real = openKernel();

/** No file can be renamed from one folder into another, as between disks. */
const apart: Kernel = {
  ...real,
  rename: (from, name, to, newName) => {
    if (from !== to) throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
    real.rename(from, name, to, newName);
  },
};

const open = async (kernel: Kernel): Promise<Ground> => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'assay-conformance-')));
  const root = join(base, 'root');
  mkdirSync(root);
  const path = (name: string) => join(root, name);
  const names = async () =>
    readdirSync(root, { recursive: true })
      .map(String)
      .filter((name) => statSync(path(name)).isFile())
      .sort();
  return {
    storage: createLocal(root, [], kernel),
    at: (name) => ({ path: `${root}/${name}` }),
    write: async (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
    },
    remove: async (name) => rmSync(path(name)),
    read: async (name) => readFileSync(path(name), 'utf8'),
    names,
    outside: { path: join(base, 'outside') },
    clear: async () => rmSync(base, { recursive: true, force: true }),
  };
};

conformance('a local folder', { open: () => open(real), tags: true });
conformance('a local folder whose folders are on several disks', { open: () => open(apart), tags: true });
