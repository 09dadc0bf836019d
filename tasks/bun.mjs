import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ask, PROJECT, run, say, stop } from './run.mjs';

const PINNED = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).engines.bun;
const CACHE = join(PROJECT, '.bun');

const isPinned = (file) => existsSync(file) && ask(file, ['--version']) === PINNED;

const onPath = () =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, 'bun'))
    .find(isPinned);

/**
 * The executable in the cache. npm may refuse to run the package's install script, so this looks where npm puts the
 * platform's own package and takes the first executable that this machine can run: of several, the plain name sorts
 * before `-baseline` and `-musl`.
 */
const inCache = () => {
  const folder = join(CACHE, 'node_modules/@oven');
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, 'bin/bun'))
    .filter((file) => existsSync(file));
  for (const file of files) chmodSync(file, 0o755);
  return files.find(isPinned);
};

const download = () => {
  say(`Bun ${PINNED} is not on this machine: installing it into ${CACHE}`);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(join(CACHE, 'package.json'), '{ "private": true }\n');
  const args = [
    'install',
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=optional',
  ];
  if (!run('npm', [...args, `bun@${PINNED}`], { cwd: CACHE })) {
    stop(
      `npm could not install bun@${PINNED}.`,
      `It needs the npm registry (a proxy or mirror goes into .npmrc). With Bun ${PINNED} on PATH nothing is downloaded.`,
    );
  }
};

/** The pinned Bun: the one that runs this, one on PATH, or one of our own that npm fetches once. Children find it first on PATH. */
export const findBun = () => {
  let bun = process.versions.bun === PINNED ? process.execPath : (onPath() ?? inCache());
  if (!bun) {
    download();
    bun = inCache();
  }
  if (!bun) {
    stop(
      `npm installed bun@${PINNED}, but it holds no executable that runs here (${process.platform} ${process.arch}).`,
      `Install Bun ${PINNED} yourself and put it on PATH: https://bun.com/docs/installation`,
    );
  }
  process.env.PATH = `${dirname(bun)}${delimiter}${process.env.PATH ?? ''}`;
  return bun;
};

/** Installs the packages that bun.lock pins, unless these very ones are installed already. */
export const installPackages = (bun) => {
  const hash = createHash('sha256');
  for (const file of ['bun.lock', 'package.json']) hash.update(readFileSync(join(PROJECT, file)));
  const wanted = hash.digest('hex');
  const stamp = join(PROJECT, 'node_modules/.assay-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing packages');
  if (!run(bun, ['install', '--frozen-lockfile'])) {
    stop(
      'The packages could not be installed.',
      'Without a network there is no way; when package.json was changed, run `bun install` to bring bun.lock along.',
    );
  }
  writeFileSync(stamp, wanted);
};
