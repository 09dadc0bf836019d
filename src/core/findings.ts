import { z } from 'zod';
import { Detection, ResultCode } from './result';
import { Sensitive } from './sensitive';
import { Severity, VulnerableComponent } from './vulnerability';

/** What an engine said of a file, as it travels out of the engine host and is kept. Times in milliseconds. */
export const EngineAnswer = z.object({
  engineId: z.string(),
  engineName: z.string(),
  status: z.enum(['clean', 'detected', 'skipped', 'failed']),
  /** Of a detection. */
  name: z.string().optional(),
  kind: z
    .enum([
      'Threat',
      'Suspicious',
      'PotentiallyUnwanted',
      'Encrypted',
      'Unscannable',
      'Allowlisted',
      'Blocklisted',
      'SensitiveData',
      'Vulnerability',
    ])
    .optional(),
  resultCode: z.number().optional(),
  /** Of vulnerable software: how severe the worst is, and what it is. */
  severity: Severity.optional(),
  vulnerabilities: z.array(VulnerableComponent).optional(),
  /** What sensitive data was found; of members of a file put together. */
  sensitive: Sensitive.optional(),
  /** The engine looks for sensitive data: its word, and only that, tells whether there is any. */
  seeksSensitive: z.boolean().optional(),
  /** The engine looks for other things than threats: that it found nothing says nothing of these. */
  besideThreats: z.boolean().optional(),
  /** Why it was skipped or failed. */
  reason: z.string().optional(),
  retry: z.boolean().optional(),
  /** True when the engine's word also speaks for what lies inside an archive. */
  looksInside: z.boolean(),
  definitions: z.object({ version: z.string(), date: z.string().optional() }).optional(),
  /** A hash of the engine's options: with others it might answer differently. */
  settings: z.string().optional(),
  /** The engine looked where the file is, or how it is named: its answer may be about more than the content. */
  byPath: z.boolean().optional(),
  /** When the engine was asked, where this is an earlier answer that would be the same again. */
  answeredAt: z.number().optional(),
  scanTime: z.number(),
});
export type EngineAnswer = z.infer<typeof EngineAnswer>;

/** What a file is, by its content. */
export const FileType = z.object({
  mime: z.string(),
  description: z.string(),
  /** Holds other files: an engine that does not look inside has not seen them. */
  container: z.boolean(),
  /** The content cannot be read without a password. */
  encrypted: z.enum(['archive', 'document']).optional(),
});
export type FileType = z.infer<typeof FileType>;

export const Content = z.object({
  size: z.number(),
  sha256: z.string(),
  sha1: z.string(),
  md5: z.string(),
  type: FileType,
  /** Why its name is not that of what it is, where that matters: a sentence. */
  mismatch: z.string().optional(),
});
export type Content = z.infer<typeof Content>;

/** Why a file could not be looked into at all. */
export const Unread = z.object({
  why: z.enum(['gone', 'notRegular', 'link', 'denied', 'changed', 'tooBig', 'unreadable', 'hostEnded', 'timeout']),
  message: z.string(),
  /** Of what is gone, the path at which what it held was met later. */
  movedTo: z.string().optional(),
});
export type Unread = z.infer<typeof Unread>;

/**
 * Why a container could not be taken apart to its end, or a member of it not be read. `message` is a sentence for people, without names
 * of members and never with a password.
 * `encrypted`: no password was given, or none of them opens it. `depth` to `time`: a limit of the workflow. `damaged`: it is not what its
 * format demands. `unsupported`: it is sound, as far as one can tell, but of a kind that nobody here reads.
 */
export const Trouble = z.object({
  why: z.enum(['encrypted', 'depth', 'files', 'size', 'expansion', 'time', 'damaged', 'unsupported']),
  message: z.string(),
});
export type Trouble = z.infer<typeof Trouble>;

/** What came of members of one container that have the same result, by the judge. */
export const MemberOutcome = z.object({
  resultCode: ResultCode,
  detections: z.array(Detection),
  /** How many members. */
  count: z.number(),
  /** Why, in a sentence that names the first of them; empty for what is allowed. */
  says: z.string(),
  decidedBy: z.string().optional(),
});
export type MemberOutcome = z.infer<typeof MemberOutcome>;

/** What lies inside a file, on all levels together. */
export const Inside = z.object({
  members: z.number(),
  /** What they hold, as it was read. */
  bytes: z.number(),
  /** Nothing in it was left unread, and every engine answered about each member. */
  whole: z.boolean(),
  /** An engine failed in passing. */
  retry: z.boolean(),
  /** The worst answer of each engine about a member. */
  answers: z.array(EngineAnswer),
  /**
   * The engines that said the same "clean" of every member that they were asked about. Where that did not always speak for what lies in a
   * member (`ofPlain`), only their word on members that hold nothing can be told from it.
   */
  unanimous: z.array(z.object({ engineId: z.string(), ofPlain: z.boolean() })),
  /** An engine looked where a member is, or how it is named. */
  byPath: z.boolean(),
  /** What came of the members of the first level, those in them included. */
  outcomes: z.array(MemberOutcome),
  /** A hash of how it was taken apart: the workflow's way and its limits. */
  terms: z.string(),
  /** A hash of what the workflow judged it by. */
  judging: z.string().optional(),
  /** The processing that took it apart, where that was an earlier one whose outcome would be the same again. */
  takenBy: z.string().optional(),
});
export type Inside = z.infer<typeof Inside>;

/** All that the engine host found out about one file. Data only: it holds no verdict. */
export const Findings = z.object({
  content: Content.optional(),
  unread: Unread.optional(),
  answers: z.array(EngineAnswer),
  /** It is of a kind that Assay takes apart, and Assay did, as far as `troubles` says. */
  takenApart: z.boolean().optional(),
  troubles: z.array(Trouble).optional(),
  inside: Inside.optional(),
  /** By which the storage can tell whether a file is still exactly the one that was looked into; absent when it could not be opened. */
  identity: z.string().optional(),
  /** The version of Assay that looked into it: another may tell types apart that this one does not, or take more apart. */
  by: z.string().optional(),
  startedAt: z.number(),
  endedAt: z.number(),
});
export type Findings = z.infer<typeof Findings>;

/** What was found out about one member. */
export interface MemberFindings {
  /** From the file on: "b.zip/c.doc". As the containers say; data for people. */
  path: string;
  /** The member that it lies in, by its place in the list; undefined on the first level. */
  parent?: number;
  size: number;
  /** Absent when it could not be read at all. */
  content?: Pick<Content, 'sha256' | 'type' | 'mismatch'>;
  /** What it lies in, where it could not be read at all. */
  within?: FileType;
  answers: EngineAnswer[];
  takenApart?: boolean;
  troubles?: Trouble[];
}
