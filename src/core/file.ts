import type { Before } from './change';
import type { Content, EngineAnswer, Findings, Inside } from './findings';
import type { Location } from './remediation';
import type { Detection, FileState, ResultCode, Status } from './result';

/** A file's place in its storage. `raw` holds the path's bytes where they are not UTF-8, or not what people are shown; `path` is then for people only. */
export interface Place {
  path: string;
  raw?: Uint8Array;
}

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A file as discovery meets it. Sizes in bytes, times in milliseconds. */
export interface Found extends Place {
  size: number;
  modifiedAt: number;
  /** The storage's own hash or version of the content. */
  hash?: string;
  /** Changes whenever the content may have changed, as far as a listing can tell; for comparison alone. */
  stamp?: string;
}

/** Why a file is processed. */
export type Reason = 'scan' | 'realtime' | 'rescan';

/** The judge's word on a file. */
export interface Verdict {
  resultCode: ResultCode;
  state: FileState;
  status?: Status;
  detections: Detection[];
  /** One sentence for people: why it was blocked, or could not be judged; empty for what is allowed. */
  explanation: string;
  /** The engine or rule that decided, where one did. */
  decidedBy?: string;
}

/** A file of a scan with the outcome of its latest processing. */
export interface FileRecord extends Found {
  id: string;
  scanId: string;
  storageId: string;
  createdAt: number;
  state: FileState;
  status?: Status;
  resultCode: ResultCode;
  detections: Detection[];
  /** Its latest finished processing, with that one's workflow and end. */
  processingId?: string;
  workflowId?: string;
  processedAt?: number;
  /** Where it is, when an act of ours put it elsewhere, or took it away. */
  location?: Location;
}

/** One processing of a file, as kept. */
export interface Processing {
  id: string;
  fileId: string;
  reason: Reason;
  rescanId?: string;
  workflowId: string;
  workflowRevision: number;
  attempts: number;
  queuedAt: number;
  verdict: Verdict;
  findings: Findings;
}

/** What earlier processings found out about some content: answers that need not be given again while they would be the same. */
export interface Known {
  sha256: string;
  /** Its other hashes and its type, where this version of Assay told them. */
  content?: Content;
  /** With when they were given; the newest first. */
  answers: EngineAnswer[];
  /** What lay in it, with the processing that keeps its members. */
  inside?: Inside;
}

/** A processing that is due. */
export interface Due {
  fileId: string;
  processingId: string;
  /** The scan or the rescan that it belongs to. */
  runId: string;
  scanId: string;
  storageId: string;
  /** Where it was found. */
  place: Place;
  /** Where it is, when an act of ours put it elsewhere, or took it away. */
  location?: Location;
  size: number;
  /** The storage's own, as it was last known. */
  hash?: string;
  reason: Reason;
  workflowId: string;
  workflowRevision: number;
  queuedAt: number;
  /** Attempts so far, the one that begins included. */
  attempts: number;
  /** An earlier attempt ended the engine host. */
  alone: boolean;
  lastError?: string;
  /** Of a rescan: the file's outcome before it, and whether answers of before may be used again, with those about what it held then. */
  earlier?: { outcome: Before; mayReuse: boolean; known?: Known };
}
