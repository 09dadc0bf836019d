import type { Due, Known } from '../core/file';
import type { EngineAnswer, Findings } from '../core/findings';
import { detectionBits, detectionsOf, type FileState, type Status } from '../core/result';
import { version } from '../core/version';
import type { Database } from './open';

const ENCRYPTED = detectionBits(['Encrypted']);

/** What a processing found, as JSON. */
const found = (p: string) =>
  `json_object('id', ${p}.id, 'endedAt', ${p}.ended_at, 'findings', ${p}.detail -> 'findings')`;

/** What `processings.content_key` holds for a SHA-256. */
export const contentKey = (sha256: string): number => Number.parseInt(sha256.slice(0, 13), 16);

/** The newest processing of a content, whichever file had it; not of what was encrypted. */
const newestOf = (
  key: string,
  sha256: string,
) => `SELECT c.rowid FROM processings AS c INDEXED BY processings_by_content
  WHERE c.content_key = ${key} AND c.sha256 = ${sha256} AND NOT c.detections & ${ENCRYPTED} ORDER BY c.rowid DESC LIMIT 1`;

/** What a file held when it was read last, where its latest processing could not read it. */
const LAST_READ =
  'SELECT l.sha256 FROM processings AS l INDEXED BY processings_of_file WHERE l.file_id = f.id AND l.sha256 IS NOT NULL ORDER BY l.id DESC LIMIT 1';

const MAY_REUSE = `r.batch AND NOT f.detections & ${ENCRYPTED}`;

/**
 * Of a row of `work` that is a rescan's: the outcome before it, and what may be used again, of the file itself and of the newest other
 * file with the same content. Nothing may when passwords were given, nor of what was encrypted, because an answer about the same bytes
 * must not keep a file closed to which there is a key now.
 */
export const EARLIER = `json((
  SELECT json_object('state', f.state, 'status', f.status, 'detections', f.detections, 'sha256', ifnull(p.sha256, (${LAST_READ})), 'mayReuse', ${MAY_REUSE},
    'own', iif(${MAY_REUSE} AND p.sha256 IS NOT NULL, ${found('p')}, NULL),
    'newer', iif(${MAY_REUSE}, (SELECT ${found('n')} FROM processings AS n WHERE n.rowid = (${newestOf('p.content_key', 'p.sha256')}) AND n.id <> p.id), NULL))
  FROM files AS f LEFT JOIN processings AS p ON p.id = f.processing_id,
    (SELECT scan_id IS NOT NULL AND NOT force AND passwords IS NULL AS batch FROM rescans WHERE id = work.run_id) AS r
  WHERE f.id = work.file_id))`;

interface FoundRow {
  id: string;
  endedAt: number;
  findings: Findings;
}

/** The row of `EARLIER`, parsed. */
export interface EarlierRow {
  state: FileState;
  status: Status | null;
  detections: number;
  sha256: string | null;
  mayReuse: number;
  own: FoundRow | null;
  newer: FoundRow | null;
}

const withTimes = (answers: EngineAnswer[], endedAt: number): EngineAnswer[] =>
  answers.map((answer) => ({ ...answer, answeredAt: answer.answeredAt ?? endedAt }));

/** What a processing found, with when it was said and who keeps the members. */
const usable = ({ id, endedAt, findings: { answers, inside, content, by } }: FoundRow): Omit<Known, 'sha256'> => {
  // Another version may tell types apart that this one does not, and take more apart.
  const isOurs = by === version;
  return {
    content: isOurs ? content : undefined,
    answers: withTimes(answers, endedAt),
    inside:
      isOurs && inside
        ? { ...inside, answers: withTimes(inside.answers, endedAt), takenBy: inside.takenBy ?? id }
        : undefined,
  };
};

/** The same for a file at another path: without what may be about the path. */
const usableElsewhere = (row: FoundRow): Omit<Known, 'sha256'> => {
  const { content, answers, inside } = usable(row);
  return {
    content,
    answers: answers.filter(({ byPath }) => !byPath),
    inside: inside?.whole && !inside.byPath ? inside : undefined,
  };
};

const knownOf = (sha256: string, own: FoundRow, newer: FoundRow | null): Known => {
  const of = usable(own);
  const also = newer === null ? undefined : usableElsewhere(newer);
  return {
    sha256,
    content: of.content ?? also?.content,
    answers: [...(also?.answers ?? []), ...of.answers],
    inside: also?.inside ?? of.inside,
  };
};

export const toEarlier = (row: EarlierRow): Due['earlier'] => {
  const { state, status, detections, sha256, mayReuse, own, newer } = row;
  return {
    outcome: { state, status: status ?? undefined, detections: detectionsOf(detections), sha256: sha256 ?? undefined },
    mayReuse: mayReuse === 1,
    known: sha256 === null || own === null ? undefined : knownOf(sha256, own, newer),
  };
};

/** What is known of contents, by their SHA-256. */
export const createKnownQueries = ({ client }: Database) => ({
  /** What may be used again for any file that holds them. Contents that nothing is known of are left out. */
  find: async (sha256s: string[]): Promise<Map<string, Known>> => {
    const { rows } = await client.execute({
      sql: `SELECT n.sha256, ${found('n')} AS found FROM json_each(:list) AS given
        JOIN processings AS n ON n.rowid = (${newestOf('value ->> 0', 'value ->> 1')})`,
      args: { list: JSON.stringify([...new Set(sha256s)].map((sha256) => [contentKey(sha256), sha256])) },
    });
    return new Map(
      rows.map(({ sha256, found }) => {
        const content = String(sha256);
        return [content, { sha256: content, ...usableElsewhere(JSON.parse(String(found)) as FoundRow) }];
      }),
    );
  },
});

export type KnownQueries = ReturnType<typeof createKnownQueries>;
