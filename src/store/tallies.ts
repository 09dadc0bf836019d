import type { Row } from '@libsql/client';
import type { Outcome } from '../core/filter';
import { detectionsOf, type FileState, type Status } from '../core/result';
import type { Database } from './open';

/** How many files of a scan have the same outcome, judged with the same. */
export interface Tally extends Outcome {
  scanId: string;
  /** By `judgedWith` in core/judged; empty for what was cancelled. */
  judgedWith: string;
  files: number;
}

const toTally = (row: Row): Tally => ({
  scanId: String(row.scan_id),
  state: row.state as FileState,
  status: row.status === '' ? undefined : (row.status as Status),
  detections: detectionsOf(Number(row.detections)),
  judgedWith: String(row.judged_with),
  files: Number(row.files),
});

/** The tallies of some scans: as many rows as there are different outcomes, however many files. */
export const readTallies = async ({ client }: Pick<Database, 'client'>, scanIds: string[]): Promise<Tally[]> => {
  const { rows } = await client.execute({
    sql: 'SELECT * FROM tallies WHERE scan_id IN (SELECT value FROM json_each(:ids)) AND files > 0',
    args: { ids: JSON.stringify(scanIds) },
  });
  return rows.map(toTally);
};
