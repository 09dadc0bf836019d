import { z } from 'zod';
import type { Place } from './file';
import type { Removed } from './sanitized';

/** Where an act puts a file. */
export const Destination = z.strictObject({
  storageId: z.string().min(1).optional().describe('A storage, by its id; without it the one that the file is in.'),
  folder: z.string().max(4096).default('').describe('A folder in that storage; what is missing of it is made.'),
  structure: z
    .enum(['keep', 'flatten'])
    .default('keep')
    .describe('"keep" makes the folders that the file was in again; "flatten" puts all files beside each other.'),
});
export type Destination = z.infer<typeof Destination>;

/** What happens to a file with a verdict: it is tagged, copied, and then kept, moved, deleted or quarantined. */
export const Treatment = z
  .strictObject({
    tag: z
      .record(
        z.string().regex(/^[\w.-]{1,100}$/, 'a tag is named by letters, digits, ".", "-" and "_"'),
        z.string().max(256),
      )
      .default({})
      .describe('Tags that it gets: of a local file extended attributes, user.assay.NAME.'),
    copyTo: z.array(Destination).max(10).default([]).describe('Where copies of it are put.'),
    action: z
      .enum(['keep', 'move', 'delete', 'quarantine'])
      .default('keep')
      .describe('What becomes of the file itself, once it is tagged and copied; "keep" leaves it where it is.'),
    moveTo: Destination.optional().describe('Where "move" puts it.'),
    removeEmptyFolders: z
      .boolean()
      .default(false)
      .describe('Whether folders that are empty without it are removed, up to that of the storage.'),
  })
  .refine(({ action, moveTo }) => (action === 'move') === (moveTo !== undefined), {
    path: ['moveTo'],
    message: 'belongs to the action "move", which needs it',
  });
export type Treatment = z.infer<typeof Treatment>;

/** A harmless copy of a file: without macros, scripts, embedded objects and links that act by themselves. */
export const Sanitization = z
  .strictObject({
    where: z
      .enum(['beside', 'instead', 'elsewhere'])
      .default('beside')
      .describe(
        'Where the copy goes: "beside" the original, under a name that says so; "instead" of it, once it is moved, deleted or in quarantine; or "elsewhere".',
      ),
    to: Destination.optional().describe('Where "elsewhere" is.'),
  })
  .refine(({ where, to }) => (where === 'elsewhere') === (to !== undefined), {
    path: ['to'],
    message: 'belongs to "elsewhere", which needs it',
  });
export type Sanitization = z.infer<typeof Sanitization>;

const OfVerdict = z
  .strictObject({
    original: Treatment.prefault({}),
    sanitized: Sanitization.optional().describe(
      'Makes a harmless copy of documents (Office, PDF, SVG, HTML) before anything happens to the original.',
    ),
  })
  .refine(({ original, sanitized }) => sanitized?.where !== 'instead' || original.action !== 'keep', {
    path: ['sanitized', 'where'],
    message: '"instead" needs an original that is moved, deleted or put into quarantine',
  })
  .prefault({});

/** What a workflow does with files by their verdict. A file without a verdict is left alone. */
export const Remediation = z.strictObject({
  allowed: OfVerdict.describe('What happens to files that are Allowed.'),
  blocked: OfVerdict.describe('What happens to files that are Blocked.'),
});
export type Remediation = z.infer<typeof Remediation>;

/**
 * What can be done to a file. `restore` and `purge` are done by hand, or by age, to what is in quarantine; `replace` gives a sanitized copy the
 * place of its original.
 */
export const ACTIONS = [
  'tag',
  'copy',
  'move',
  'delete',
  'quarantine',
  'restore',
  'purge',
  'sanitize',
  'replace',
] as const;
export const Action = z.enum(ACTIONS);
export type Action = z.infer<typeof Action>;

/** `begun` may be done or not: it is taken up at the next start. `skipped` was not done, because one before it failed. */
export const ActState = z.enum(['due', 'begun', 'done', 'failed', 'skipped']);
export type ActState = z.infer<typeof ActState>;

/** An act that a workflow wants, as it was when the verdict was recorded. */
export type Wanted =
  | { action: 'tag'; tags: { [name: string]: string } }
  | { action: 'copy'; to: Destination }
  | { action: 'move'; to: Destination; removeEmptyFolders: boolean }
  | { action: 'delete' | 'quarantine'; removeEmptyFolders: boolean }
  | ({ action: 'sanitize' } & Sanitization)
  | { action: 'replace' };

/** A file's place, with the storage that it is in. */
export interface Located {
  storageId: string;
  place: Place;
}

/** Where a file is, when that is not where it was found. */
export type Location =
  | ({ is: 'moved' } & Located)
  /** In quarantine, under the id of the act that put it there. */
  | { is: 'quarantined'; id: string }
  | { is: 'deleted'; at: number };

/** Whether a file is in a storage, as far as our own acts go: neither deleted by one nor in quarantine. */
export const isInStorage = ({ location }: { location?: Location }): boolean =>
  location === undefined || location.is === 'moved';

/** Where a file is in a storage now, or was when it was taken out of it. */
export const whereIs = ({ location, storageId, place }: Located & { location?: Location }): Located =>
  location?.is === 'moved' ? { storageId: location.storageId, place: location.place } : { storageId, place };

/** One act on a file, as it is kept. Times in milliseconds. */
export interface Remedied {
  id: string;
  action: Action;
  state: ActState;
  /** Where it put the file, or a copy of it. */
  destination?: Located & { identity: string };
  /** Why it failed or was left out, for people. */
  error?: string;
  /** What was taken out of the copy that it made. */
  removed?: Removed[];
  createdAt: number;
  endedAt?: number;
}

/** How many acts of each kind were done, and how many acts failed. */
export type ActCounts = { [action in Action]: number } & { failed: number };
