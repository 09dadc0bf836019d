import type { EngineState } from '../core/engine';
import type { Known, Place } from '../core/file';
import type { Findings, MemberFindings } from '../core/findings';
import type { SanitizedCopy } from '../core/sanitized';
import type { WorkflowDefinition } from '../core/workflow';
import type { Limits } from '../unpack/budget';

/** What came of looking into one file. What is told beside the findings is not kept with them. */
export interface Inspected {
  findings: Findings;
  /** What lies in it, each member behind the one that it lies in; absent when it was not taken apart now. */
  members?: MemberFindings[];
  /** The password that opened something in it, the last if there were several. */
  usedPassword?: string;
  /** What came of a copy that was wished for; then nobody was asked about the file. */
  sanitized?: SanitizedCopy;
}

/** What came of a job that was looked into to its end: findings, or other content than was expected, by its SHA-256; then nobody was asked. */
export type Inspection = Inspected | { holds: string };

/** One file for the engine host to look into. */
export interface Job {
  id: string;
  place: Place;
  /** The file to open where that is not the place itself, which is then for people: a private copy of it. Absolute. */
  open?: string;
  /** Bytes, as discovery saw it; decides how jobs are grouped, nothing else. */
  size: number;
  /** The engines to ask, by id. */
  engines: 'all' | string[];
  /** Larger files are not looked into. Bytes. */
  maxFileSize?: number;
  /** How long the attempt may take, all engines together. Milliseconds. */
  timeout: number;
  /** Who looks inside containers, as the workflow says, and how far. */
  unpackBy: WorkflowDefinition['unpackBy'];
  limits: Limits;
  /** A hash of what the workflow judges by what lies in a file: what came of it before is the same again only under the same. */
  judging?: string;
  /** To try on what is encrypted, in this order. Jobs of a group share one array, which then crosses the wall once. Never log or keep them. */
  passwords: string[];
  /** Sensitive data is told as it is; else masked. */
  showSensitive?: boolean;
  /** Answers that an engine need not give again while the content, its definitions and its settings are the same. */
  earlier?: Known;
  /** Where it holds something else than `earlier` says, nobody is to be asked before it is known what that is. */
  mayHoldOther?: boolean;
  /** Make a harmless copy instead of asking about it: a new file at this path, if the file still has this SHA-256. */
  sanitize?: { to: string; sha256: string };
}

/** What became of a job: it was looked into, or the attempt was lost with the thread or the process that it was in. */
export type Outcome =
  | ({ id: string } & Inspection)
  | {
      id: string;
      /** `notBegun`: the attempt had not started when its neighbour ended the thread. */
      lost: 'crashed' | 'hung' | 'memory' | 'stopped' | 'notBegun';
      reason: string;
    };

/** The wall between the daemon and hostile bytes: a child process of the same binary that asks the engines. */
export interface Host {
  /** One outcome for each job, in no order. Never rejects for what a file did. */
  inspect: (jobs: Job[]) => Promise<Outcome[]>;
  /** How many groups can be looked into at once. */
  readonly threads: number;
  /** The engines with their definitions as they are now. */
  engines: () => Promise<EngineState[]>;
  /**
   * Opens the engines anew, in a second process, and lets the first one finish what it has: no scan is lost.
   * @throws Fault ENGINE_UNAVAILABLE when the second process does not come up; the first one then goes on
   */
  reload: () => Promise<void>;
  /** How often a process ended and another was started. */
  restarts: () => number;
  /** Process id of the child; undefined while it is being started. */
  pid: () => number | undefined;
  stop: () => Promise<void>;
}
