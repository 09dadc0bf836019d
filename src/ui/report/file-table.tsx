import { Button, Group, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { FolderOpen, SearchX } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useFiles } from '../data/files';
import { useProgram } from '../data/program';
import { useNarrow } from '../parts/narrow';
import { Empty, Loading, Refused } from '../parts/states';
import { reportTexts as texts } from '../texts/report';
import { type Column, gridOf } from './columns';
import { type FileActions, FileCard, FileCells } from './file-row';
import type { Filter } from './filter';

const ROW = 60;
const CARD = 84;
/** Pages are read before the reader gets to their beginning. Rows. */
const AHEAD = 60;

interface FileTableProps extends FileActions {
  scanId: string;
  filter: Filter;
  columns: Column[];
  /** How many files the whole report has. */
  all: number;
  /** More may come. */
  going: boolean;
}

interface NewFilesProps {
  scanId: string;
  /** Nothing is shown yet, so nothing can move under the reader. */
  empty: boolean;
  refetch: () => void;
}

/** Says that more came in, and shows it when the reader wants it. */
const NewFiles = ({ scanId, empty, refetch }: NewFilesProps) => {
  const { news } = useProgram();
  const subject = `files ${scanId}`;
  const fresh = useSyncExternalStore(news.subscribe, () => news.count(subject));
  useEffect(() => news.clear(subject), [news, subject]);
  const show = () => {
    news.clear(subject);
    refetch();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new is all that it waits for.
  useEffect(() => {
    if (empty && fresh > 0) show();
  }, [empty, fresh]);
  if (fresh === 0) return null;
  return (
    <Button size="compact-sm" variant="light" onClick={show}>
      {texts.fileNews(fresh)}
    </Button>
  );
};

/** The files that a filter takes: only what is seen is drawn, and read page by page, however many there are. */
export const FileTable = ({ scanId, filter, columns, all, going, reprocess }: FileTableProps) => {
  const { query, entries, total } = useFiles(scanId, filter);
  const narrow = useNarrow();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: entries?.length ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD : ROW),
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (entries && hasNextPage && !isFetchingNextPage && last > entries.length - AHEAD) void fetchNextPage();
  }, [last, entries, hasNextPage, isFetchingNextPage, fetchNextPage]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another kind of row has another height.
  useEffect(() => {
    rows.measure();
  }, [narrow]);
  const key = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice is read from its beginning.
  useEffect(() => {
    // What it returns is a promise in newer browsers, and no way to clean up.
    scroller.current?.scrollTo({ top: 0 });
  }, [key]);

  if (query.error && !entries) return <Refused error={query.error} retry={() => void query.refetch()} />;
  const filtered = key !== '{}';
  const grid = { gridTemplateColumns: narrow ? 'minmax(0, 1fr) auto' : gridOf(columns) };

  return (
    <section className="card" aria-busy={query.isFetching}>
      <Group justify="space-between" px="md" py="xs" mih={44}>
        <Text size="sm" fw={600} className="num" role="status">
          {total === undefined ? ' ' : filtered ? texts.shownOf(total, all) : texts.shown(total)}
        </Text>
        <NewFiles scanId={scanId} empty={entries?.length === 0} refetch={() => void query.refetch()} />
      </Group>
      {!entries && <Loading />}
      {entries?.length === 0 && (
        <Empty
          Icon={filtered ? SearchX : FolderOpen}
          title={filtered ? texts.noMatch : going ? texts.noFilesYet : texts.noFiles}
        >
          {filtered ? texts.noMatchAbout : going ? texts.noFilesYetAbout : texts.noFilesAbout}
        </Empty>
      )}
      {entries && entries.length > 0 && (
        <div role="table" aria-label={texts.filesTable} aria-rowcount={total}>
          {!narrow && (
            <div role="rowgroup">
              <div role="row" className="grid-head" style={grid}>
                <div role="columnheader">{texts.columns.outcomeFile}</div>
                <div role="columnheader">{texts.columns.file}</div>
                {columns.map((column) => (
                  <div role="columnheader" key={column}>
                    {texts.columns[column]}
                  </div>
                ))}
                <div role="columnheader" className="right">
                  {texts.columns.actions}
                </div>
              </div>
            </div>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
          <div ref={scroller} className="scroller files" role="rowgroup" tabIndex={0} aria-label={texts.filesTable}>
            <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
              {items.map(({ index, start, size }) => {
                const file = entries[index];
                if (file === undefined) return null;
                const style = { ...grid, height: size, transform: `translateY(${start}px)` };
                return (
                  <div key={file.id} role="row" aria-rowindex={index + 1} className="grid-row placed" style={style}>
                    {narrow ? (
                      <FileCard file={file} reprocess={reprocess} />
                    ) : (
                      <FileCells file={file} columns={columns} reprocess={reprocess} />
                    )}
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      )}
    </section>
  );
};
