import type { Verdict } from '../core/file';
import type { Findings, MemberFindings, MemberOutcome, Unread } from '../core/findings';
import type { Detection, ResultCode } from '../core/result';
import type { WorkflowDefinition } from '../core/workflow';
import { type Listed, listPoint } from './lists';
import { type Point, pointsOf } from './points';

/**
 * The order in which results win, from the second seed: threat; suspicious; encrypted, too deep, too big, too many files, timed out;
 * type mismatch; what else was found; no threat; not scanned; failed. Allow and block lists stand before it: they are somebody's decision.
 */
const ORDER: ResultCode[] = [8, 7, 1, 2, 22, 12, 15, 9, 13, 14, 16, 60, 24, 23, 31, 17, 20, 18, 0, 10, 3];

/** Where a result stands in that order: the smaller wins. */
export const rank = (code: ResultCode): number => ORDER.indexOf(code);

const FAILED_TO_READ: { [why in Unread['why']]: ResultCode } = {
  gone: 3,
  notRegular: 10,
  link: 10,
  denied: 3,
  changed: 3,
  tooBig: 10,
  unreadable: 3,
  hostEnded: 3,
  timeout: 31,
};

const ofUnread = ({ why, message }: Unread, workflow: WorkflowDefinition): Verdict => {
  const resultCode = FAILED_TO_READ[why];
  // Too big is what the workflow itself decided, so it has a verdict; the others could not be judged.
  if (why === 'tooBig') {
    const status = workflow.blocked.includes(resultCode) ? 'Blocked' : 'Allowed';
    return { resultCode, state: 'Available', status, detections: ['Unscannable'], explanation: message };
  }
  return { resultCode, state: 'Failed', detections: [], explanation: message };
};

const NOBODY_ASKED: Point = {
  code: 10,
  detections: ['Unscannable'],
  says: 'No engine that looks for threats was asked about it.',
};

/** What was found; that one engine of several did not look counts only when nobody did. */
const detectionsIn = (points: Point[], decisive: ResultCode): Detection[] => [
  ...new Set(points.filter(({ code }) => code !== 10 || decisive === 10).flatMap(({ detections }) => detections)),
];

/** Says whether asking again may change the answer: an engine failed in passing, and nothing found outranks its silence. */
export const worthRetrying = ({ answers, unread, inside }: Findings): boolean => {
  if (unread !== undefined) return unread.why === 'changed' || unread.why === 'unreadable';
  const all = [...answers, ...(inside?.answers ?? [])];
  if (all.some(({ status, kind }) => status === 'detected' && (kind === 'Threat' || kind === 'Blocklisted')))
    return false;
  return inside?.retry === true || answers.some(({ status, retry }) => status === 'failed' && retry);
};

const weigh = (points: Point[], workflow: WorkflowDefinition): Verdict => {
  const [decisive = NOBODY_ASKED] = points.toSorted((a, b) => rank(a.code) - rank(b.code));
  const detections = decisive.code === 7 ? [] : detectionsIn([...points, decisive], decisive.code);

  const failed = points.find(({ code }) => code === 3);
  const settled = decisive.detections.length > 0 && decisive.code !== 10;
  if (
    decisive.code === 3 ||
    (failed !== undefined && !settled && decisive.code !== 7 && workflow.onEngineFailure === 'fail')
  ) {
    return {
      resultCode: 3,
      state: 'Failed',
      detections,
      explanation: failed?.says ?? decisive.says,
      decidedBy: failed?.by,
    };
  }
  const status = workflow.blocked.includes(decisive.code) ? 'Blocked' : 'Allowed';
  return {
    resultCode: decisive.code,
    state: 'Available',
    status,
    detections,
    explanation: decisive.says,
    decidedBy: decisive.by,
  };
};

/** Files that were met as they are, and could not be looked into to their end: a list of the workflow can still decide about them. */
const MET: Unread['why'][] = ['tooBig', 'timeout', 'hostEnded'];

/**
 * Judges one file by what was found out about it, under a workflow. Pure; the same findings always get the same verdict.
 * @param file its place and size, as discovery saw it; rules that go by the name fit nothing without
 */
export const judge = (
  findings: Findings,
  workflow: WorkflowDefinition,
  file: Pick<Listed, 'path' | 'size'> = { path: '', size: 0 },
): Verdict => {
  const { content, unread, inside } = findings;
  const { size = file.size, sha256, type } = content ?? {};
  const listed = listPoint({ path: file.path, size, sha256, type: type?.mime }, workflow);
  if (unread === undefined)
    return weigh([...asList(listed), ...pointsOf(findings, inside?.outcomes ?? [], workflow)], workflow);
  return listed !== undefined && MET.includes(unread.why) ? weigh([listed], workflow) : ofUnread(unread, workflow);
};

const asList = (point: Point | undefined): Point[] => (point === undefined ? [] : [point]);

/** Judges a member like a file, by what was found out about it and about what lies in it. */
export const judgeMember = (member: MemberFindings, inside: MemberOutcome[], workflow: WorkflowDefinition): Verdict => {
  const { path, size, content } = member;
  const listed = listPoint({ path, size, sha256: content?.sha256, type: content?.type.mime }, workflow);
  return weigh([...asList(listed), ...pointsOf(member, inside, workflow)], workflow);
};
