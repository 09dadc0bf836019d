import type { Due, Known } from '../core/file';
import type { EngineAnswer, Findings } from '../core/findings';
import { detectionBits, detectionsOf, type FileState, type Status } from '../core/result';
import { version } from '../core/version';
import type { Database } from './open';

const ENCRYPTED = detectionBits(['Encrypted']);

// Lines of JSON put one behind the other: SQLite would parse, and write anew, what is nested, and details are long. No JSON of ours holds a line break.
const BREAK = 'char(10)';

/** What a processing found, as two lines. */
const found = (p: string) => `json_array(${p}.id, ${p}.ended_at) || ${BREAK} || ${p}.detail`;

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
 * Of a row of `work` that is a rescan's, as five lines: the outcome before it, and what may be used again, of the file itself and of the newest other
 * file with the same content. Nothing may when passwords were given, nor of what was encrypted, because an answer about the same bytes
 * must not keep a file closed to which there is a key now.
 */
export const EARLIER = `(
  SELECT json_array(f.state, f.status, f.detections, ifnull(p.sha256, (${LAST_READ})), ${MAY_REUSE})
    || ${BREAK} || iif(${MAY_REUSE} AND p.sha256 IS NOT NULL, ${found('p')}, ${BREAK})
    || ${BREAK} || ifnull(iif(${MAY_REUSE}, (SELECT ${found('n')} FROM processings AS n WHERE n.rowid = (${newestOf('p.content_key', 'p.sha256')}) AND n.id <> p.id), NULL), ${BREAK})
  FROM files AS f LEFT JOIN processings AS p ON p.id = f.processing_id,
    (SELECT scan_id IS NOT NULL AND NOT force AND passwords IS NULL AS batch FROM rescans WHERE id = work.run_id) AS r
  WHERE f.id = work.file_id)`;

interface FoundRow {
  id: string;
  endedAt: number;
  findings: Findings;
}

/** The first line of `EARLIER`. */
type OutcomeRow = [
  state: FileState,
  status: Status | null,
  detections: number,
  sha256: string | null,
  mayReuse: number,
];

const foundIn = (head = '', detail = ''): FoundRow | undefined => {
  if (head === '') return undefined;
  const [id, endedAt] = JSON.parse(head) as [string, number];
  const { findings } = JSON.parse(detail) as { findings: Findings };
  return { id, endedAt, findings };
};

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

const knownOf = (sha256: string, own: FoundRow, newer: FoundRow | undefined): Known => {
  const of = usable(own);
  const also = newer === undefined ? undefined : usableElsewhere(newer);
  return {
    sha256,
    content: of.content ?? also?.content,
    answers: [...(also?.answers ?? []), ...of.answers],
    inside: also?.inside ?? of.inside,
  };
};

/** Reads the lines of `EARLIER`. */
export const toEarlier = ([outcome = '', ownHead, ownDetail, newerHead, newerDetail]: string[]): Due['earlier'] => {
  const [state, status, detections, sha256, mayReuse] = JSON.parse(outcome) as OutcomeRow;
  const own = foundIn(ownHead, ownDetail);
  return {
    outcome: { state, status: status ?? undefined, detections: detectionsOf(detections), sha256: sha256 ?? undefined },
    mayReuse: mayReuse === 1,
    known: sha256 === null || own === undefined ? undefined : knownOf(sha256, own, foundIn(newerHead, newerDetail)),
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
      rows.flatMap(({ sha256, found }) => {
        const content = String(sha256);
        const row = foundIn(...String(found).split('\n'));
        return row === undefined ? [] : [[content, { sha256: content, ...usableElsewhere(row) }]];
      }),
    );
  },
});

export type KnownQueries = ReturnType<typeof createKnownQueries>;
