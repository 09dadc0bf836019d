import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { extname, join } from 'node:path';

const PLACES = ['/usr/share', '/usr/lib', '/usr/bin'];
const LARGEST = 1024 * 1024;
/** Not for a corpus in which nothing is to be found. */
const LEFT_OUT = /clamav|yara/;

const KINDS: { [extension: string]: string } = {
  '.txt': 'txt',
  '.md': 'txt',
  '.rst': 'txt',
  '.html': 'html',
  '.htm': 'html',
  '.json': 'json',
  '.xml': 'xml',
  '.svg': 'xml',
  '.png': 'png',
  '.gz': 'gz',
  '.py': 'py',
  '.js': 'js',
  '.so': 'elf',
  '.pdf': 'pdf',
};

interface Candidate {
  path: string;
  size: number;
}

const isElf = (path: string): boolean => {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4);
    readSync(fd, head);
    return head.toString('latin1') === '\x7fELF';
  } finally {
    closeSync(fd);
  }
};

/** This machine's own files by kind, each in the order of their sizes. */
const index = (): Map<string, Candidate[]> => {
  const found = new Map<string, Candidate[]>();
  const folders = [...PLACES];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (LEFT_OUT.test(path)) continue;
      const stat = lstatSync(path);
      if (stat.isDirectory()) folders.push(path);
      if (!stat.isFile() || stat.size < 64 || stat.size > LARGEST) continue;
      const kind = KINDS[extname(name)] ?? (folder === '/usr/bin' && isElf(path) ? 'elf' : undefined);
      if (kind) found.set(kind, [...(found.get(kind) ?? []), { path, size: stat.size }]);
    }
  }
  for (const candidates of found.values()) candidates.sort((a, b) => a.size - b.size || (a.path < b.path ? -1 : 1));
  return found;
};

/** Takes one of this machine's files, each once: that of a kind whose size comes nearest; undefined when it differs by more than `factor`. */
export const createFinder = () => {
  const found = index();
  return (kind: string, size: number, factor = 2): Buffer | undefined => {
    const candidates = found.get(kind) ?? [];
    let at = candidates.findIndex((candidate) => candidate.size >= size);
    if (at < 0) at = candidates.length - 1;
    const nearest = candidates[at];
    if (!nearest || nearest.size > size * factor || nearest.size < size / factor) return undefined;
    candidates.splice(at, 1);
    return readFileSync(nearest.path);
  };
};
