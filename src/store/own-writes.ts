import type { InStatement } from '@libsql/client';
import type { Found } from '../core/file';
import { rawHexOf } from './place';

/** A place that an act of ours wrote to, as it is now. */
export interface Written {
  storageId: string;
  found: Found;
  /** Somebody else changed it since: it is to be looked into. */
  changed: boolean;
}

/** The name under which an act has a file aside until it has its own (storages/local-write.ts); with the id of the act. */
const ASIDE = /\/\.assay-([0-9a-f-]{36})$/;

/** The act that may have a path aside; null for none. */
export const actOf = (path: string): string | null => ASIDE.exec(path)?.[1] ?? null;

/**
 * A condition on rows of `value` with path, raw and act: that no act of ours is writing there right now. When such an act is over,
 * it notes the place itself.
 */
export const NOT_UNDER_WAY = `NOT EXISTS (SELECT 1 FROM realtimes AS t CROSS JOIN remediations AS r ON r.to_storage_id = t.storage_id
    AND r.to_path = value ->> 'path' AND r.to_raw = unhex(value ->> 'raw') AND r.state = 'begun' WHERE t.scan_id = :scan)
  AND NOT EXISTS (SELECT 1 FROM remediations WHERE id = value ->> 'act' AND state = 'begun')
  AND NOT EXISTS (SELECT 1 FROM realtimes AS t CROSS JOIN quarantine AS q ON q.state = 'restoring' AND (q.id = value ->> 'act'
    OR (q.restoring ->> 'storageId' = t.storage_id AND q.restoring ->> 'path' = value ->> 'path' AND q.restoring ->> 'raw' = value ->> 'raw'))
    WHERE t.scan_id = :scan)`;

/** The statement that keeps from real-time processing what our own act wrote, so that it is not looked into in a circle. */
export const noteWritten = (written: Written[]): InStatement => ({
  sql: `WITH given AS MATERIALIZED (SELECT value FROM json_each(:rows))
    INSERT INTO watched (scan_id, path, raw_path, size, modified_at, hash, stamp, wanted, taken)
    SELECT t.scan_id, value ->> 'path', unhex(value ->> 'raw'), value ->> 'size', value ->> 'modified', value ->> 'hash', value ->> 'stamp', value ->> 'changed', 1
    FROM given CROSS JOIN realtimes AS t ON t.storage_id = value ->> 'storage' WHERE true
    ON CONFLICT DO UPDATE SET wanted = wanted OR excluded.wanted, taken = 1, size = excluded.size, modified_at = excluded.modified_at,
      hash = excluded.hash, stamp = excluded.stamp`,
  args: {
    rows: JSON.stringify(
      written.map(({ storageId, found, changed }) => ({
        storage: storageId,
        path: found.path,
        raw: rawHexOf(found),
        size: found.size,
        modified: found.modifiedAt,
        hash: found.hash ?? null,
        stamp: found.stamp ?? '',
        changed: changed ? 1 : 0,
      })),
    ),
  },
});
