import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Times are milliseconds since the epoch, sizes bytes, ids UUIDv7. Rows never leave this room. */

export const storages = sqliteTable('storages', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  kind: text().notNull(),
  /** JSON; nothing in it is secret. */
  options: text().notNull(),
  /** JSON, sealed; null without a secret. */
  secret: text(),
  /** JSON: what was at the path of a local storage when it was last seen there. */
  root: text(),
  workflow_id: text(),
  created_at: integer().notNull(),
});

/** A workflow at its newest revision. One that is removed stays, so that what ran under it can be told. */
export const workflows = sqliteTable(
  'workflows',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    revision: integer().notNull(),
    is_default: integer({ mode: 'boolean' }).notNull(),
    created_at: integer().notNull(),
    removed_at: integer(),
  },
  (t) => [uniqueIndex('workflows_by_name').on(t.name).where(sql`removed_at IS NULL`)],
);

/** One row for each change of a workflow; never changed, but for the passwords, which are erased when the workflow is removed. */
export const workflow_revisions = sqliteTable(
  'workflow_revisions',
  {
    workflow_id: text().notNull(),
    revision: integer().notNull(),
    name: text().notNull(),
    /** JSON; nothing in it is secret. */
    definition: text().notNull(),
    password_count: integer().notNull().default(0),
    /** A JSON array of strings, sealed; null without passwords. */
    passwords: text(),
    created_at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workflow_id, t.revision] })],
);

export const scans = sqliteTable(
  'scans',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    /** scan | realtime */
    kind: text().notNull(),
    /** running | paused | finished | canceled | failed */
    state: text().notNull(),
    storage_id: text().notNull(),
    storage_name: text().notNull(),
    /** As the published API counts them. */
    storage_type: integer().notNull().default(100),
    path: text().notNull(),
    workflow_id: text().notNull(),
    workflow_revision: integer().notNull(),
    discovered: integer({ mode: 'boolean' }).notNull().default(false),
    /** How far its files are found: from where the listing goes on; null at the beginning. */
    cursor: text(),
    error: text(),
    created_at: integer().notNull(),
    finished_at: integer(),
    total: integer().notNull().default(0),
    /** Files whose first processing is due. */
    pending: integer().notNull().default(0),
    bytes: integer().notNull().default(0),
  },
  (t) => [index('scans_by_state').on(t.state)],
);

/** A wish to look again at files that were judged: one file, some, or a report by a filter. */
export const rescans = sqliteTable(
  'rescans',
  {
    id: text().primaryKey(),
    /** running | paused | finished | canceled */
    state: text().notNull(),
    /** The report that it is of; null for single files. */
    scan_id: text(),
    /** JSON: which files of the report; null for single files. */
    filter: text(),
    /** A JSON array of { id, revision }: what its files go through. One of a report, and for single files those of their storages. */
    workflows: text().notNull(),
    /** A JSON array of strings, sealed; null without passwords, and once it is over. */
    passwords: text(),
    /** Every engine is asked, whatever is known. */
    force: integer({ mode: 'boolean' }).notNull(),
    /** Who asked. */
    actor: text().notNull(),
    created_at: integer().notNull(),
    finished_at: integer(),
    /** The file of the report up to which files were made due; null once all were. */
    cursor: text(),
    total: integer().notNull().default(0),
    pending: integer().notNull().default(0),
    /** Files that another processing held already. */
    skipped: integer().notNull().default(0),
    canceled: integer().notNull().default(0),
  },
  (t) => [index('rescans_by_state').on(t.state)],
);

/** A file that is not simply allowed: few of a report, and those that people ask for. */
export const OF_NOTE = `status = 'Blocked' OR detections <> 0 OR state IN ('Failed', 'FailedRemediation', 'Canceled')`;

/** A file of a scan, with the outcome of its latest finished processing. */
export const files = sqliteTable(
  'files',
  {
    id: text().primaryKey(),
    scan_id: text().notNull(),
    storage_id: text().notNull(),
    path: text().notNull(),
    /** The path's bytes where they are not UTF-8, else empty. */
    raw_path: blob({ mode: 'buffer' }).notNull().default(sql`x''`),
    size: integer().notNull(),
    modified_at: integer().notNull(),
    /** The storage's own hash or version of the content. */
    hash: text(),
    created_at: integer().notNull(),
    state: text().notNull(),
    status: text(),
    result_code: integer().notNull(),
    detections: integer().notNull().default(0),
    processing_id: text(),
    /** The workflow, its revision and the engines' definitions that the latest processing judged with. */
    judged_with: text(),
    /** The workflow that it went through then, and when that ended (0 for never); copies, so that lists can be filtered and sorted by them. */
    workflow_id: text(),
    processed_at: integer().notNull().default(0),
    /** JSON: where it is, when an act of ours put it elsewhere, or took it away; null while it is where it was found. */
    location: text(),
  },
  (t) => [
    uniqueIndex('files_once_in_a_scan').on(t.scan_id, t.path, t.raw_path),
    index('files_by_scan').on(t.scan_id, t.id),
    index('files_by_path').on(t.path),
    index('files_by_size').on(t.scan_id, t.size, t.id),
    index('files_by_processed').on(t.scan_id, t.processed_at, t.id),
    index('files_of_note').on(t.scan_id, t.id).where(sql.raw(OF_NOTE)),
  ],
);

/** One row for each finished processing of a file; never changed, never removed while its file is kept. */
export const processings = sqliteTable(
  'processings',
  {
    id: text().primaryKey(),
    file_id: text().notNull(),
    /** scan | realtime | rescan */
    reason: text().notNull(),
    rescan_id: text(),
    workflow_id: text().notNull(),
    workflow_revision: integer().notNull(),
    state: text().notNull(),
    status: text(),
    result_code: integer().notNull(),
    detections: integer().notNull(),
    attempts: integer().notNull(),
    queued_at: integer().notNull(),
    started_at: integer().notNull(),
    ended_at: integer().notNull(),
    sha256: text(),
    /** The first 52 bits of the SHA-256, which are as telling as the whole, and whose index is small. */
    content_key: integer(),
    /** Of a rescan: what it changed, as bits. */
    changes: integer().notNull().default(0),
    /** JSON: what was found, by whom, with which definitions, and why it was judged so. */
    detail: text().notNull(),
  },
  (t) => [
    index('processings_of_file').on(t.file_id, t.id),
    index('processings_by_content').on(t.content_key).where(sql`content_key IS NOT NULL`),
    index('processings_of_rescan').on(t.rescan_id, t.changes, t.id).where(sql`rescan_id IS NOT NULL`),
  ],
);

/** What lay in the files that were taken apart, in pages: an archive of 100,000 files is a few hundred rows. */
export const members = sqliteTable(
  'members',
  {
    processing_id: text().notNull(),
    page: integer().notNull(),
    /** JSON under zstd. */
    content: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.processing_id, t.page] })],
);

/** How many files of a scan have the same outcome under the same conditions: a report of a million files is a few rows here. */
export const tallies = sqliteTable(
  'tallies',
  {
    scan_id: text().notNull(),
    state: text().notNull(),
    /** Empty without a verdict. */
    status: text().notNull(),
    detections: integer().notNull(),
    judged_with: text().notNull(),
    files: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.scan_id, t.state, t.status, t.detections, t.judged_with] })],
);

/** A processing that is due. Its primary key is the file: two processings of one file cannot overlap. */
export const work = sqliteTable(
  'work',
  {
    file_id: text().primaryKey(),
    processing_id: text().notNull(),
    /** The scan or the rescan that it belongs to. */
    run_id: text().notNull(),
    reason: text().notNull(),
    workflow_id: text().notNull(),
    workflow_revision: integer().notNull(),
    queued_at: integer().notNull(),
    /** Written before each attempt. */
    attempts: integer().notNull().default(0),
    not_before: integer().notNull().default(0),
    /** The start of the daemon that holds it; `remedy` once its verdict is recorded and what follows from it is due; null when nobody does. */
    lease: text(),
    /** Why the last attempt did not end in a result. */
    last_error: text(),
    /** An attempt of it ended the engine host: it is looked into alone. */
    alone: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (t) => [
    index('work_of_run').on(t.run_id),
    index('work_that_is_free').on(t.run_id, t.alone).where(sql`lease IS NULL`),
    index('work_that_waits').on(t.not_before).where(sql`not_before > 0`),
    index('work_to_remedy').on(t.not_before).where(sql`lease = 'remedy'`),
  ],
);

/** One act on a file, recorded before it is begun; never removed while its file is kept. */
export const remediations = sqliteTable(
  'remediations',
  {
    id: text().primaryKey(),
    file_id: text().notNull(),
    /** Null of what was done by hand, or by age. */
    processing_id: text(),
    /** The scan or the rescan that it belongs to. */
    run_id: text(),
    action: text().notNull(),
    /** due | begun | done | failed | skipped */
    state: text().notNull(),
    /** JSON: what exactly is wanted. */
    wanted: text().notNull(),
    /** Where the file was, and what was in it: the same copy is not made twice. */
    storage_id: text().notNull(),
    path: text().notNull(),
    raw_path: blob({ mode: 'buffer' }).notNull().default(sql`x''`),
    sha256: text(),
    /** Where the file, or a copy of it, was put, or was about to be put. */
    to_storage_id: text(),
    to_path: text(),
    to_raw: blob({ mode: 'buffer' }),
    to_identity: text(),
    error: text(),
    /** JSON: what was taken out of a sanitized copy. */
    removed: text(),
    created_at: integer().notNull(),
    ended_at: integer(),
  },
  (t) => [
    index('remediations_of_file').on(t.file_id, t.id),
    index('remediations_of_processing').on(t.processing_id).where(sql`processing_id IS NOT NULL`),
    index('remediations_of_run').on(t.run_id, t.action, t.state).where(sql`run_id IS NOT NULL`),
    index('remediations_of_place').on(t.storage_id, t.path),
    index('remediations_to_place').on(t.to_storage_id, t.to_path).where(sql`to_path IS NOT NULL`),
  ],
);

/** What is, or was, in quarantine; its id is that of the act that put it there, and the name of its file. */
export const quarantine = sqliteTable(
  'quarantine',
  {
    id: text().primaryKey(),
    file_id: text().notNull(),
    /** coming | held | restoring | restored | purged */
    state: text().notNull(),
    storage_id: text().notNull(),
    storage_name: text().notNull(),
    path: text().notNull(),
    raw_path: blob({ mode: 'buffer' }).notNull().default(sql`x''`),
    size: integer().notNull(),
    sha256: text().notNull(),
    result_code: integer().notNull(),
    /** Why, for people. */
    reason: text().notNull(),
    /** Owner, mode, times and the like, as its storage gave them. */
    attributes: text(),
    /** Of its content, sealed; erased when it is purged or restored. */
    key: text(),
    created_at: integer().notNull(),
    ended_at: integer(),
    /** Of a restore that is under way: where to. JSON. */
    restoring: text(),
  },
  (t) => [index('quarantine_by_state').on(t.state, t.id)],
);

/** Real-time processing that is active: of a storage one at the most. */
export const realtimes = sqliteTable('realtimes', {
  scan_id: text().primaryKey(),
  storage_id: text().notNull().unique(),
  /** The workflow that was asked for; null for the one that applies to the storage. */
  workflow_id: text(),
  /** What was there at its beginning is in `watched`: what is met from now on and is not, is new. */
  begun: integer({ mode: 'boolean' }).notNull(),
});

/** How each file of a storage under real-time processing was when it was noticed last. */
export const watched = sqliteTable(
  'watched',
  {
    scan_id: text().notNull(),
    path: text().notNull(),
    raw_path: blob({ mode: 'buffer' }).notNull(),
    size: integer().notNull(),
    modified_at: integer().notNull(),
    hash: text(),
    stamp: text().notNull(),
    /** It is to be looked into as it is now. */
    wanted: integer({ mode: 'boolean' }).notNull(),
    /** It was looked into, or is to be; false for what was there at the beginning and did not change since. */
    taken: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.scan_id, t.path, t.raw_path] }),
    index('watched_that_are_wanted').on(t.scan_id).where(sql`wanted = 1`),
  ],
);

export const users = sqliteTable('users', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** admin | operator | viewer */
  role: text().notNull(),
  /** argon2id */
  password_hash: text().notNull(),
  /** Whether it is still the password that Assay made, and printed once. */
  first_password: integer({ mode: 'boolean' }).notNull().default(false),
  created_at: integer().notNull(),
});

/** A refresh token, by its hash. `used` stays: a token that comes twice ends its whole sign-in. */
export const refresh_tokens = sqliteTable(
  'refresh_tokens',
  {
    hash: text().primaryKey(),
    sign_in_id: text().notNull(),
    user_id: text().notNull(),
    expires_at: integer().notNull(),
    used: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (t) => [index('refresh_tokens_of_sign_in').on(t.sign_in_id)],
);

export const api_keys = sqliteTable('api_keys', {
  id: text().primaryKey(),
  name: text().notNull(),
  role: text().notNull(),
  hash: text().notNull().unique(),
  created_at: integer().notNull(),
  last_used_at: integer(),
});

/** Who did what. */
export const audit = sqliteTable('audit', {
  id: text().primaryKey(),
  at: integer().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  detail: text().notNull(),
});
