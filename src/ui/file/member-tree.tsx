import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { ArchiveMember } from '../data/client';
import { useNarrow } from '../parts/narrow';
import { fileTexts as texts } from '../texts/file';
import { MemberCells } from './member-row';
import type { Node, Row } from './tree';
import { type Move, moveOf } from './tree-keys';

const HEAD = 36;
const ROW = 48;
const CARD = 60;
/** What is longer scrolls by itself. Rows. */
const MOST = 11;

interface MemberTreeProps {
  rows: Row<ArchiveMember>[];
  isOpen: (node: Node<ArchiveMember>) => boolean;
  set: (node: Node<ArchiveMember>, open: boolean) => void;
}

/** What lies in a file as a tree; only what is seen is drawn. By the keyboard it is one stop, and arrow keys go through it. */
export const MemberTree = ({ rows, isOpen, set }: MemberTreeProps) => {
  const id = useId();
  const narrow = useNarrow();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const height = narrow ? CARD : ROW;
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another kind of row has another height.
  useEffect(() => list.measure(), [narrow]);
  const at = Math.min(active, rows.length - 1);
  const items = list.getVirtualItems();

  const go = (move: Move) => {
    const row = rows[at];
    if ('open' in move) {
      if (row) set(row.node, move.open);
      return;
    }
    setActive(move.to);
    list.scrollToIndex(move.to);
  };
  const press = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const move = moveOf(event.key, { rows, at, isOpen, page: MOST - 1 });
    if (move === undefined) return;
    event.preventDefault();
    go(move);
  };
  const grid = { gridTemplateColumns: narrow ? 'minmax(0, 1fr) auto' : 'minmax(0, 1fr) 240px minmax(0, 0.5fr) 90px' };

  return (
    <div
      ref={scroller}
      className="scroller tree"
      role="treegrid"
      aria-label={texts.members}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={items.some(({ index }) => index === at) ? `${id}-${at}` : undefined}
      tabIndex={0}
      onKeyDown={press}
      style={{ height: HEAD + Math.min(rows.length, MOST) * height }}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className="grid-head tree-head" style={{ ...grid, height: HEAD }}>
          <div role="columnheader">{texts.member}</div>
          {!narrow && (
            <>
              <div role="columnheader">{texts.result}</div>
              <div role="columnheader">{texts.type}</div>
            </>
          )}
          <div role="columnheader" className="right">
            {texts.size}
          </div>
        </div>
      </div>
      <div role="rowgroup" style={{ height: list.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, size }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const open = isOpen(row.node);
          return (
            <div
              key={row.node.path}
              id={`${id}-${index}`}
              role="row"
              aria-level={row.level}
              aria-expanded={row.node.children.length > 0 ? open : undefined}
              aria-rowindex={index + 2}
              data-active={index === at || undefined}
              className="grid-row placed"
              style={{ ...grid, height: size, transform: `translateY(${start - HEAD}px)` }}
            >
              <MemberCells {...row} open={open} toggle={() => set(row.node, !open)} narrow={narrow} />
            </div>
          );
        })}
      </div>
    </div>
  );
};
