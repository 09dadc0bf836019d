import { expect, test } from 'bun:test';
import { folderIn, nameOf, numbered } from './places';

const storage = (path: string) => ({ options: { kind: 'local' as const, path } });

test('a folder is named from the top of its storage on', () => {
  expect(folderIn(storage('/srv/share'), '/srv/share/a/b/c.txt')).toBe('a/b');
  expect(folderIn(storage('/srv/share/'), '/srv/share/c.txt')).toBe('');
  expect(folderIn(storage('/'), '/srv/c.txt')).toBe('srv');
});

test('a folder of a bucket is the whole beginning of its keys', () => {
  const options = { kind: 's3' as const, bucket: 'files', region: 'x', prefix: 'in/', accessKeyId: 'x' };
  expect(folderIn({ options }, 'in/a/c.txt')).toBe('in/a');
  expect(folderIn({ options: { ...options, prefix: '' } }, 'c.txt')).toBe('');
  expect(folderIn({ options }, 'out/c.txt')).toBeUndefined();
});

test('a path that is not of the storage has no folder in it', () => {
  expect(folderIn(storage('/srv/share'), '/srv/shared/c.txt')).toBeUndefined();
  expect(folderIn(storage('/srv/elsewhere'), '/srv/share/c.txt')).toBeUndefined();
});

test('a numbered name keeps its ending', () => {
  expect(['a.txt', 'tar.gz.old', '.bashrc', 'README'].map(numbered)).toEqual([
    'a (2).txt',
    'tar.gz (2).old',
    '.bashrc (2)',
    'README (2)',
  ]);
  expect(nameOf('/srv/a b')).toBe('a b');
});
