import { Database } from 'bun:sqlite';
import { affects, type Extent } from '../osv/affects';
import type { Affected, OsvRecord } from '../osv/record';
import { rate } from '../osv/severity';
import { RULES, type VersionRule } from '../versions/rules';
import { type About, INDEX, LAYOUT, type RecordBody, TABLES } from './format';
import { keyOf, splitEcosystem } from './names';
import type { AffectedBody } from './open';

const LONGEST_SUMMARY = 300;
const CVE = /^CVE-\d/;

/** The first line that says what it is about. */
const summaryOf = ({ summary, details }: OsvRecord): string | undefined => {
  const text = summary || details?.trim().split('\n', 1)[0];
  return text === undefined || text === '' ? undefined : text.slice(0, LONGEST_SUMMARY);
};

/** The names that people look it up by, a CVE first. Of a distribution's record those of what it goes back to. */
const aliasesOf = ({ aliases, upstream, id }: OsvRecord): string[] =>
  [...new Set([...aliases, ...upstream])]
    .filter((alias) => alias !== id && alias.length < 100)
    .toSorted((a, b) => Number(CVE.test(b)) - Number(CVE.test(a)) || (a < b ? -1 : 1))
    .slice(0, 20);

/** Alpine's branches go on side by side, so that only the list tells what a version of one branch has to do with another. */
const LISTED = new Set(['Alpine']);

/** Versions that the ranges say already are left out: lists of them are most of what OSV's files hold. */
const extentOf = (ecosystem: string, { ranges, versions }: Affected, rule: VersionRule): Extent => {
  const told = ranges.filter(({ type }) => type === 'SEMVER' || type === 'ECOSYSTEM').map(({ events }) => events);
  const inRanges = { ranges: told, versions: [] };
  if (LISTED.has(ecosystem)) return { ranges: told, versions };
  return { ranges: told, versions: versions.filter((version) => affects(inRanges, version, rule) === undefined) };
};

/** Says which records there are and how new each is, in whatever order they came. */
const digestOf = (database: Database): string => {
  let sum = BigInt(LAYOUT);
  const rows = database.query<{ id: string; modified: string }, []>('SELECT id, modified FROM records');
  for (const { id, modified } of rows.iterate()) sum = BigInt.asUintN(64, sum + BigInt(Bun.hash(`${id} ${modified}`)));
  return sum.toString(16).padStart(16, '0');
};

export interface Writer {
  /** Keeps a record; of several with one id the newest. Returns whether it is about anything that is recognized in files. */
  add: (record: OsvRecord) => boolean;
  /** Ends the file: from then on it can be opened. */
  finish: (imported: string) => About;
  close: () => void;
}

/** Makes a database in a new file. It is not to be used before `finish`. */
export const createWriter = (path: string): Writer => {
  const database = new Database(path, { create: true, strict: true });
  // Whatever ends the import leaves a file that nobody uses.
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -16000'])
    database.run(`PRAGMA ${pragma}`);
  for (const statement of TABLES.split(';').filter((one) => one.trim() !== '')) database.run(statement);
  const earlier = database.query<{ modified: string }, [string]>('SELECT modified FROM records WHERE id = ?');
  const insertRecord = database.query<null, [string, string, string]>(
    'INSERT OR REPLACE INTO records (id, modified, body) VALUES (?, ?, ?)',
  );
  const insertAffected = database.query<null, [string, string, string, number | bigint, string]>(
    'INSERT INTO affected (ecosystem, name, release, record, body) VALUES (?, ?, ?, ?, ?)',
  );
  database.run('BEGIN');

  const known = ({ affected }: OsvRecord) =>
    affected.flatMap((one) => {
      if (one.package === undefined) return [];
      const { ecosystem, release } = splitEcosystem(one.package.ecosystem);
      const rule = RULES.get(ecosystem);
      return rule === undefined ? [] : [{ one, name: keyOf(ecosystem, one.package.name), ecosystem, release, rule }];
    });

  return {
    add: (record) => {
      const about = known(record);
      if (about.length === 0) return false;
      const before = earlier.get(record.id);
      if (before !== null && before.modified >= record.modified) return true;
      const { aliases, published } = { aliases: aliasesOf(record), published: record.published };
      const body: RecordBody = { aliases, summary: summaryOf(record), published };
      const { lastInsertRowid } = insertRecord.run(record.id, record.modified, JSON.stringify(body));
      for (const { one, name, ecosystem, release, rule } of about) {
        const kept: AffectedBody = { ...rate(record, one), ...extentOf(ecosystem, one, rule) };
        if (kept.ranges.length === 0 && kept.versions.length === 0) continue;
        insertAffected.run(ecosystem, name, release, lastInsertRowid, JSON.stringify(kept));
      }
      return true;
    },
    finish: (imported) => {
      database.run('DELETE FROM affected WHERE record NOT IN (SELECT number FROM records)');
      database.run(INDEX);
      const { records, modified } = database
        .query<{ records: number; modified: string | null }, []>(
          'SELECT count(*) AS records, max(modified) AS modified FROM records',
        )
        .get() ?? { records: 0, modified: null };
      const counts = database
        .query<{ ecosystem: string; packages: number }, []>(
          'SELECT ecosystem, count(*) AS packages FROM affected GROUP BY ecosystem',
        )
        .all();
      const about: About = {
        records,
        ecosystems: Object.fromEntries(counts.map(({ ecosystem, packages }) => [ecosystem, packages])),
        modified: modified ?? undefined,
        imported,
        digest: digestOf(database),
      };
      database.query('INSERT INTO about VALUES (?, ?)').run('about', JSON.stringify(about));
      database.run('COMMIT');
      return about;
    },
    close: () => database.close(),
  };
};
