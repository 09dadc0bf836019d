import { expect, test } from 'bun:test';
import { rowsOf, treeOf } from './tree';
import { moveOf } from './tree-keys';

const nodes = treeOf(['a.zip', 'a.zip/b.zip', 'a.zip/b.zip/c', 'd'].map((displayName) => ({ displayName })));
const press = (key: string, at: number, closed: string[] = []) => {
  const isOpen = ({ path }: { path: string }) => !closed.includes(path);
  return moveOf(key, { rows: rowsOf(nodes, isOpen), at, isOpen, page: 10 });
};

test('up and down, the ends and pages stop at the ends', () => {
  expect(press('ArrowDown', 0)).toEqual({ to: 1 });
  expect(press('ArrowDown', 3)).toEqual({ to: 3 });
  expect(press('ArrowUp', 0)).toEqual({ to: 0 });
  expect(press('PageDown', 0)).toEqual({ to: 3 });
  expect(press('Home', 3)).toEqual({ to: 0 });
});

test('right opens and then goes in; left closes and then goes out', () => {
  expect(press('ArrowRight', 0, ['a.zip'])).toEqual({ open: true });
  expect(press('ArrowRight', 0)).toEqual({ to: 1 });
  expect(press('ArrowLeft', 2)).toEqual({ to: 1 });
  expect(press('ArrowLeft', 1)).toEqual({ open: false });
  expect(press('ArrowLeft', 3)).toEqual({ to: 3 });
});

test('what holds nothing is not opened, and other keys are left to the browser', () => {
  expect(press('ArrowRight', 3)).toBeUndefined();
  expect(press('Enter', 3)).toBeUndefined();
  expect(press('Enter', 1)).toEqual({ open: false });
  expect(press('Tab', 0)).toBeUndefined();
});
