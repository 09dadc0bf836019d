/** What a database is told apart by from other SQLite files, and from those of another layout. */
export const APPLICATION_ID = 0x41_53_56_4c;
export const LAYOUT = 1;

/**
 * `affected` has a row for each package of a record, found by ecosystem and name; `release` is what follows the colon of the ecosystem
 * ("Debian:12"), empty where nothing does. Bodies are JSON: `RecordBody` and `AffectedBody`.
 */
export const TABLES = `
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${LAYOUT};
  CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE records (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, modified TEXT NOT NULL, body TEXT NOT NULL);
  CREATE TABLE affected (
    ecosystem TEXT NOT NULL, name TEXT NOT NULL, release TEXT NOT NULL, record INTEGER NOT NULL, body TEXT NOT NULL
  );`;

/** Made when all rows are there, which costs a fraction. */
export const INDEX = 'CREATE INDEX affected_by_package ON affected (ecosystem, name, record)';

/** What is told of a record, whichever package it is about. */
export interface RecordBody {
  aliases: string[];
  summary?: string;
  published?: string;
}

/** What a database is, as it says itself. */
export interface About {
  records: number;
  /** Of each ecosystem, how many packages of records. */
  ecosystems: { [ecosystem: string]: number };
  /** When the newest of its records was changed: RFC 3339. */
  modified?: string;
  /** When it was imported: RFC 3339. */
  imported: string;
  /** The same for two databases with the same records, however they were imported. */
  digest: string;
}
