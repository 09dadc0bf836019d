import type { Node, Row } from './tree';

/** What a key asks of a tree: to go to a row, or to open or close the one where the reader is. */
export type Move = { to: number } | { open: boolean };

interface Standing<M> {
  rows: Row<M>[];
  /** The row where the reader is. */
  at: number;
  isOpen: (node: Node<M>) => boolean;
  /** How far a page key goes. Rows. */
  page: number;
}

/** The keys of a tree, as the ARIA practices have them; undefined for every other key. */
export const moveOf = <M>(key: string, { rows, at, isOpen, page }: Standing<M>): Move | undefined => {
  const row = rows[at];
  if (row === undefined) return undefined;
  const to = (index: number): Move => ({ to: Math.max(0, Math.min(rows.length - 1, index)) });
  const hasChildren = row.node.children.length > 0;
  const open = hasChildren && isOpen(row.node);
  switch (key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'PageDown':
      return to(at + page);
    case 'PageUp':
      return to(at - page);
    case 'Home':
      return to(0);
    case 'End':
      return to(rows.length - 1);
    case 'ArrowRight':
      return open ? to(at + 1) : hasChildren ? { open: true } : undefined;
    case 'ArrowLeft':
      return open ? { open: false } : to(Math.max(0, parentOf(rows, at)));
    case 'Enter':
    case ' ':
      return hasChildren ? { open: !open } : undefined;
    default:
      return undefined;
  }
};

const parentOf = <M>(rows: Row<M>[], at: number): number => {
  const level = rows[at]?.level ?? 1;
  if (level === 1) return at;
  return rows.findLastIndex((row, index) => index < at && row.level < level);
};
