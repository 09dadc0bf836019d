import { expect, test } from 'bun:test';
import { rowsOf, treeOf } from './tree';

const members = (...names: string[]) => names.map((displayName) => ({ displayName }));
const seen = (...names: string[]) =>
  rowsOf(treeOf(members(...names)), () => true).map(({ node, level }) => `${' '.repeat(level - 1)}${node.name}`);

test('members lie in the archives and folders that their paths name, in the order in which they came', () => {
  expect(seen('b.tar', 'b.tar/x.txt', 'a.txt', 'b.tar/in/y.txt')).toEqual(['b.tar', ' x.txt', ' in/y.txt', 'a.txt']);
});

test('folders that hold nothing but one more are one name', () => {
  expect(seen('a/b/c/x', 'a/b/c/y')).toEqual(['a/b/c', ' x', ' y']);
});

test('two members of one name are both there, and so is one without a name', () => {
  expect(seen('x', 'x', '', '/')).toEqual(['x', 'x', '', '/']);
});

test('what is closed hides what lies in it', () => {
  const rows = rowsOf(treeOf(members('a.zip', 'a.zip/b.zip', 'a.zip/b.zip/c')), ({ path }) => path === 'a.zip');
  expect(rows.map(({ node }) => node.path)).toEqual(['a.zip', 'a.zip/b.zip']);
});

test('an archive of thousands of levels has a tree of a few', () => {
  const deep = Array.from({ length: 3000 }, (_, i) =>
    Array(i + 1)
      .fill('d')
      .join('/'),
  );
  const rows = rowsOf(treeOf(members(...deep)), () => true);
  expect(rows).toHaveLength(3000);
  expect(Math.max(...rows.map(({ level }) => level))).toBeLessThanOrEqual(16);
});
