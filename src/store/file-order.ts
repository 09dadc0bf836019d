import type { FileRecord } from '../core/file';
import type { FileOrder } from '../core/file-order';

type Key = 'found' | 'path' | 'size' | 'processed';

/** The index that an order walks, its columns besides the scan, and where the file at a position stands in them. */
const WALKS: { [key in Key]: { index: string; columns: string[]; at: string } } = {
  found: { index: 'files_by_scan', columns: ['files.id'], at: '(:at_id)' },
  // A path never changes, so the id says where it stands.
  path: {
    index: 'files_once_in_a_scan',
    columns: ['files.path', 'files.raw_path'],
    at: '(SELECT path, raw_path FROM files WHERE id = :at_id)',
  },
  size: { index: 'files_by_size', columns: ['files.size', 'files.id'], at: '(:at_key, :at_id)' },
  processed: { index: 'files_by_processed', columns: ['files.processed_at', 'files.id'], at: '(:at_key, :at_id)' },
};

const keyOf = (order: FileOrder | undefined): Key => (order?.replace('-', '') as Key | undefined) ?? 'found';

/** A position is an id, or a number and an id, so that a file that changes does not take the page's end along. */
const NUMBERED = /^(\d{1,16})\.(.+)$/;
const isNumbered = (key: Key): boolean => key === 'size' || key === 'processed';

/** Where a file stands in an order, as a cursor keeps it. */
export const positionOf = ({ id, size, processedAt = 0 }: FileRecord, order: FileOrder | undefined): string => {
  const key = keyOf(order);
  if (!isNumbered(key)) return id;
  return `${key === 'size' ? size : processedAt}.${id}`;
};

/** Whether a text can be a position in an order. */
export const isPosition = (text: string, order: FileOrder | undefined): boolean =>
  NUMBERED.test(text) === isNumbered(keyOf(order));

/** How the files of a scan are walked in an order, from behind a position on: each step costs the same, however far it is. */
export const walkOf = (order: FileOrder | undefined, after: string | undefined) => {
  const key = keyOf(order);
  const { index, columns, at } = WALKS[key];
  const isDown = order?.startsWith('-') ?? false;
  const by = columns.map((column) => (isDown ? `${column} DESC` : column)).join(', ');
  const args: { [name: string]: string | number } = {};
  if (!after) return { index, by, where: [], args };
  const [, number, id] = (isNumbered(key) && NUMBERED.exec(after)) || [after, undefined, after];
  args.at_id = id as string;
  if (number !== undefined) args.at_key = Number(number);
  return { index, by, where: [`(${columns.join(', ')}) ${isDown ? '<' : '>'} ${at}`], args };
};
