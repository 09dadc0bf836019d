import { dirname, join } from 'node:path';
import { importsOf } from './imports';

/** The rooms of `src` in their order: a room may import only from itself and from the rooms before it. */
const ROOMS = [
  'core',
  'config',
  'store',
  'storages',
  'content',
  'unpack',
  'sanitize',
  'text',
  'engines',
  'host',
  'judge',
  'remedy',
  'scans',
  'rescan',
  'watch',
  'report',
  'api',
  'ui',
];
/** Composition: may import every room. */
const TOP = ['app.ts', 'once.ts', 'daemon', 'cli', 'main.ts'];
/** Who besides the room itself may reach into it; a room that is not here is open to all below it. */
const ONLY_FOR: Record<string, string[]> = {
  config: TOP,
  // Hostile bytes are parsed in the engine host alone.
  content: ['unpack', 'sanitize', 'text', 'host'],
  unpack: ['host'],
  sanitize: ['host'],
  text: ['host'],
  // The page reaches the program over HTTP; the program serves it.
  ui: TOP,
};
/** Packages that parse a file's content; each one that the project takes on belongs here. Plugins run in the engine host and may. */
const PARSERS = [
  '@neslinesli93/qpdf-wasm',
  '@zip.js/zip.js',
  'cfb',
  'libmime',
  'pdf-lib',
  'saxes',
  'unpdf',
  'wasmagic',
];
/** The rooms that may parse a file's content. */
const PARSING = ['content', 'unpack', 'sanitize', 'text'];
/** Where the built-in engines may be named. */
const PLUGINS_FOR = ['engines', 'host', ...TOP];

const roomOf = (path: string): string | undefined => /^src\/([^/]+)/.exec(path)?.[1];

const judgeRoom = (from: string, to: string, typeOnly: boolean): string | undefined => {
  if (from === to) return undefined;
  const allowed = ONLY_FOR[to];
  if (allowed && !allowed.includes(from)) return `${to} may be imported only by ${allowed.join(', ')}`;
  if (TOP.includes(from)) return undefined;
  if (TOP.includes(to)) return `${to} composes the rooms and is imported by none`;
  const order = ROOMS.indexOf(to);
  if (order < 0) return `${to} is not one of the rooms in test/law.ts`;
  if (order > ROOMS.indexOf(from)) return `${to} comes after ${from}`;
  if (from === 'ui' && !typeOnly) return 'ui imports only types from a room';
  return undefined;
};

const judgePlugin = (path: string, to: string, typeOnly: boolean): string | undefined => {
  const folder = path === 'plugins/index.ts' ? 'plugins/' : `${path.split('/').slice(0, 2).join('/')}/`;
  if (to.startsWith(folder)) return undefined;
  if (to !== 'src/engines/contract') return 'a plugin imports the contract and its own files, nothing else';
  return typeOnly ? undefined : 'a plugin imports only types from the contract';
};

const judge = (path: string, to: string, typeOnly: boolean): string | undefined => {
  if (path.startsWith('plugins/')) return judgePlugin(path, to, typeOnly);
  const from = roomOf(path);
  const room = roomOf(to);
  if (!from) return undefined;
  if (!TOP.includes(from) && !ROOMS.includes(from) && path.split('/').length > 2) {
    return `${from} is not one of the rooms in test/law.ts`;
  }
  if (to === 'package.json' || to.startsWith('node_modules/')) return undefined;
  if (to === 'plugins' || to.startsWith('plugins/')) {
    return PLUGINS_FOR.includes(from) ? undefined : `plugins may be named only by ${PLUGINS_FOR.join(', ')}`;
  }
  return room ? judgeRoom(from, withExtension(room), typeOnly) : `${to} is outside of src and plugins`;
};

/** `app` and `main` are files; an import leaves their extension out. */
const withExtension = (room: string): string => (TOP.includes(`${room}.ts`) ? `${room}.ts` : room);

/**
 * The imports of one file that break the law, as sentences.
 * @param path from the project's folder: `src/judge/judge.ts`
 */
export const offences = (path: string, source: string): string[] =>
  importsOf(source, path.endsWith('.tsx') ? 'tsx' : 'ts').flatMap(({ specifier, typeOnly }) => {
    if (!specifier.startsWith('.')) {
      const isParser = PARSERS.some((name) => specifier === name || specifier.startsWith(`${name}/`));
      const isMisplaced = isParser && path.startsWith('src/') && !PARSING.includes(roomOf(path) ?? '');
      return isMisplaced
        ? [`${path} imports ${specifier}: it parses content, which only ${PARSING.join(' and ')} do`]
        : [];
    }
    const to = join(dirname(path), specifier).replace(/\.(d\.)?tsx?$/, '');
    const why = judge(path, to, typeOnly);
    return why ? [`${path} imports ${specifier}: ${why}`] : [];
  });
