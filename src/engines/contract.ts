import type { z } from 'zod';
import type { Severity, VulnerableComponent } from '../core/vulnerability';

export type { Severity, Vulnerability, VulnerableComponent } from '../core/vulnerability';

/**
 * The plugin contract. A plugin is a default-exported plain object that `satisfies Engine`; it imports types from here and its own
 * files, nothing else, so that it runs the same inside the binary and from a folder on a customer's host.
 *
 * Life: `options` is validated once; `prepare` runs once in each engine host; `open` runs once in each worker thread; `scan` runs
 * for each file, several at once in a thread; `close` runs once, may be called twice, and must let the thread end.
 */
// biome-ignore lint/suspicious/noExplicitAny: the contract's one generic; each plugin narrows it by its own schema.
export interface Engine<Options = any, Prepared = any> {
  /** Stable, lower-case; the key of its part of the configuration. */
  id: string;
  /** For people. */
  name: string;
  /** What it can report. */
  finds: readonly FindingKind[];
  /** True when a "clean" of this engine speaks for what lies inside archives, too. */
  looksInside?: boolean;
  /** It takes archives apart by itself: it need not be asked about one whose members it is asked about. */
  unpacks?: boolean;
  /** Its own part of the configuration. Gets the program's zod, so that a plugin needs no import. */
  options: (zod: typeof z) => z.ZodType<Options>;
  /**
   * Costly shared work, such as compiling rules, done once before the threads open the engine. What it returns reaches every
   * `open`, so it must be structured-cloneable; large data belongs in a `SharedArrayBuffer`, which all threads share.
   * A throw means that the engine cannot run: it is reported as unavailable with the message, and its files fail with that reason.
   */
  prepare?: (options: Options, context: PrepareContext) => Promise<Prepared>;
  open: (options: Options, context: OpenContext<Prepared>) => Promise<OpenEngine>;
}

export interface PrepareContext {
  log: EngineLog;
}

export interface OpenContext<Prepared = unknown> {
  log: EngineLog;
  /** Aborts when the thread ends. */
  signal: AbortSignal;
  /** What `prepare` returned; undefined without one. */
  prepared: Prepared;
}

export interface OpenEngine {
  /** Changes whenever the engine would now answer differently; cheap, for it is asked for every few files. Throws when the engine cannot be reached. */
  definitions: () => Promise<Definitions>;
  /** Never throws for what is wrong with a file: that is an answer. A throw counts as `failed` with `retry`. */
  scan: (file: EngineFile, context: ScanContext) => Promise<Answer>;
  /** Stops what the engine started. Safe to call twice. */
  close: () => Promise<void>;
}

export interface ScanContext {
  signal: AbortSignal;
  /** The workflow wants sensitive data as it is; without it an engine masks what it found before it answers. */
  showSensitive?: boolean;
}

export interface Definitions {
  /** Opaque to Assay, shown to people: "ClamAV 1.4.3/27800", "3 rules 9f2c…". */
  version: string;
  /** When they were made: RFC 3339; absent when unknown. */
  date?: string;
}

/** The file as an engine sees it: one descriptor that was opened once, so that every engine judges the same bytes. */
export interface EngineFile {
  /** Where the file is, for people and logs; of a member the archive's place and its own in it. Never open it: another file may be there by now. */
  path: string;
  /** The open file; stays open until `scan` has settled. Never close it. Read by position only. */
  readonly fd: number;
  /** It lies in memory alone, as a small member of an archive does: `bytes` is free then, and asking for `fd` writes it to a file. */
  inMemory: boolean;
  /** Bytes. */
  size: number;
  sha256: string;
  sha1: string;
  md5: string;
  /** MIME type by content. */
  type: string;
  /** The bytes from `start` up to but not including `end`; the whole file without a range. From memory for small files: never write into them, and never keep them when `scan` has settled, for the memory is used again. */
  bytes: (start?: number, end?: number) => Promise<Uint8Array>;
  /** The whole file in pieces of up to 1 MiB; memory stays flat. */
  stream: () => AsyncIterable<Uint8Array>;
  /**
   * Its own text in pieces, decoded and without markup; what lies in it as a file of its own is shown as one. Undefined where its kind
   * holds no text that is read here. What it throws says why the rest of the text could not be read: see `TextError`.
   */
  text?: () => AsyncIterable<string> | undefined;
}

/** `unread` tells what cannot be read here, be it locked, beyond a limit or of a kind that nobody reads (skipped), from what is damaged (failed). */
export interface TextError extends Error {
  unread?: 'skipped' | 'failed';
}

/** Sensitive data of one type. */
export interface SensitiveType {
  /** ccn (payment cards), ssn, iban, email, private_key, secret, or regex_N for the administrator's own expressions. */
  type: string;
  displayName: string;
  /** All that was found, also what `hits` leaves out. */
  count: number;
  /** The highest score of one of them. */
  score: number;
  /** Those of the highest score. */
  hits: SensitiveHit[];
}

/** One find with the text around it. */
export interface SensitiveHit {
  before: string;
  hit: string;
  after: string;
  /** How certain it is, from 0 to 100. */
  score: number;
}

/** What a detection is. `Allowlisted` says that the file is known to be good and outranks the other engines. */
export type FindingKind =
  | 'Threat'
  | 'Suspicious'
  | 'PotentiallyUnwanted'
  | 'Encrypted'
  | 'Unscannable'
  | 'Allowlisted'
  | 'Blocklisted'
  | 'SensitiveData'
  | 'Vulnerability';

export type Answer =
  /** Looked at all of it and found nothing. `looksInside` is the engine's, told for this one file: its word depends on its server. */
  | { status: 'clean'; looksInside?: boolean }
  | {
      status: 'detected';
      /** The field's name for it: "Eicar-Test-Signature". */
      name: string;
      kind: FindingKind;
      /** For `Unscannable`: which limit, as a result code (9 depth, 13 size, 14 number of files, 16 time, 24 extraction failed, 60 expansion). */
      resultCode?: number;
      /** For `Vulnerability`: how severe the worst is; absent when nobody says so. */
      severity?: Severity;
      /** For `Vulnerability`: the components with what is known against each. */
      vulnerabilities?: VulnerableComponent[];
      /** For `SensitiveData`: what was found; `shown` when it is not masked, `unread` when there may be more. */
      sensitive?: {
        shown: boolean;
        types: SensitiveType[];
        unread?: { status: 'skipped' | 'failed'; reason: string };
      };
    }
  /**
   * Did not look, or not at all of it, and asking again would not change that. Never counts as clean. `retry: false` says that its
   * definitions and options alone decide that of this content, as of a kind of file that it has nothing to do with: it is then not asked
   * again while these are the same.
   */
  | { status: 'skipped'; reason: string; retry?: false }
  /** Could not answer. `retry` when asking again may help. Never counts as clean, never as a detection. */
  | { status: 'failed'; reason: string; retry: boolean };

export interface EngineLog {
  debug: (message: string) => void;
  info: (message: string) => void;
  warn: (message: string) => void;
}
