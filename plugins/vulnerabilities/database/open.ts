import { Database } from 'bun:sqlite';
import type { Extent } from '../osv/affects';
import type { Rating } from '../osv/severity';
import { type About, APPLICATION_ID, LAYOUT, type RecordBody } from './format';
import { keyOf } from './names';

export interface AffectedBody extends Extent, Rating {}

/** What a record says of one package. */
export interface Entry extends RecordBody, AffectedBody {
  id: string;
  modified: string;
  release: string;
}

export interface Vulnerabilities {
  about: About;
  /** What is known of a package, row by row, those of one record together. */
  find: (ecosystem: string, name: string) => IterableIterator<Entry>;
  close: () => void;
}

interface Row {
  id: string;
  modified: string;
  release: string;
  record: string;
  body: string;
}

const pragma = (database: Database, name: string): number =>
  Number(Object.values(database.query<Record<string, number>, []>(`PRAGMA ${name}`).get() ?? {})[0]);

const openFile = (path: string): Database => {
  try {
    return new Database(path, { readonly: true });
  } catch (cause) {
    throw new Error(
      `there is no vulnerability database in ${path}: import one with "assay vulnerabilities import PATH"`,
      { cause },
    );
  }
};

const readAbout = (database: Database): About => {
  const rows = database.query<{ value: string }, []>(`SELECT value FROM about WHERE key = 'about'`).all();
  return JSON.parse(rows[0]?.value ?? '') as About;
};

const toEntry = ({ id, modified, release, record, body }: Row): Entry => ({
  id,
  modified,
  release,
  ...(JSON.parse(record) as RecordBody),
  ...(JSON.parse(body) as AffectedBody),
});

/** Opens an imported database for reading. @throws Error that says what to do about it */
export const openVulnerabilities = (path: string): Vulnerabilities => {
  const database = openFile(path);
  try {
    if (pragma(database, 'application_id') !== APPLICATION_ID || pragma(database, 'user_version') !== LAYOUT) {
      throw new Error('it is not of this version of Assay');
    }
    // A few pages are enough: a look-up touches three or four.
    database.run('PRAGMA cache_size = -2000');
    const about = readAbout(database);
    const rows = database.query<Row, [string, string]>(
      `SELECT records.id, records.modified, affected.release, records.body AS record, affected.body
       FROM affected JOIN records ON records.number = affected.record
       WHERE affected.ecosystem = ? AND affected.name = ? ORDER BY affected.record`,
    );
    return {
      about,
      find: function* (ecosystem, name) {
        for (const row of rows.iterate(ecosystem, keyOf(ecosystem, name))) yield toEntry(row);
      },
      close: () => database.close(),
    };
  } catch (cause) {
    database.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `${path} is no vulnerability database: ${why}; import it anew with "assay vulnerabilities import"`,
      {
        cause,
      },
    );
  }
};
