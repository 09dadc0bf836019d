import type { Verdict } from '../core/file';
import type { EngineAnswer, Findings, Unread } from '../core/findings';
import type { Detection, ResultCode } from '../core/result';
import type { WorkflowDefinition } from '../core/workflow';
import { codeOfAnswer, RESULT_OF_KIND } from './answer';

/** One thing that was found out about a file, with the result that it alone would have. */
interface Point {
  code: ResultCode;
  detection?: Detection;
  by?: string;
  says: string;
}

/**
 * The order in which results win, from the second seed: threat; suspicious; encrypted, too deep, too big, too many files, timed out;
 * type mismatch; what else was found; no threat; not scanned; failed. Allow and block lists stand before it: they are somebody's decision.
 */
const ORDER: ResultCode[] = [8, 7, 1, 2, 22, 12, 15, 9, 13, 14, 16, 60, 24, 23, 31, 17, 20, 18, 0, 10, 3];

export const ofDetection = (answer: EngineAnswer, findings: Findings): Point => {
  const { kind = 'Threat', name = 'something without a name', engineName: by } = answer;
  const { detection } = RESULT_OF_KIND[kind];
  const code = codeOfAnswer(answer);
  switch (kind) {
    case 'Unscannable':
      return { code, detection, by, says: `${by} could not look into all of it: ${name}.` };
    case 'Encrypted': {
      const type = findings.content?.type;
      const document = type?.encrypted === 'document' || type?.mime === 'application/pdf';
      return {
        code: document ? 15 : code,
        detection,
        by,
        says: `${by} could not look into it: it is encrypted (${name}).`,
      };
    }
    case 'Allowlisted':
      return { code, by, says: `It is on an allow list: ${name}.` };
    default:
      return { code, detection, by, says: `${by} found ${name}.` };
  }
};

const ofAnswer = (answer: EngineAnswer, findings: Findings): Point => {
  const by = answer.engineName;
  const code = codeOfAnswer(answer);
  switch (answer.status) {
    case 'detected':
      return ofDetection(answer, findings);
    case 'clean':
      return { code, says: '' };
    case 'skipped':
      return { code, detection: 'Unscannable', by, says: `${by} did not look into it: ${answer.reason}.` };
    case 'failed':
      return { code, by, says: `${by} failed: ${answer.reason}.` };
  }
};

/** What nobody can have seen: the inside of a container, or of what is encrypted, unless an engine that looks inside spoke. */
const ofInside = ({ content, answers }: Findings): Point | undefined => {
  if (content === undefined || answers.some(({ status, looksInside }) => status === 'clean' && looksInside))
    return undefined;
  const { encrypted, container, description } = content.type;
  if (encrypted !== undefined) {
    return {
      code: encrypted === 'archive' ? 12 : 15,
      detection: 'Encrypted',
      says: `It is encrypted (${description}): nobody could look inside.`,
    };
  }
  if (container) {
    return {
      code: 10,
      detection: 'Unscannable',
      says: `What lies inside this ${description} was not looked into: no engine that ran unpacks it.`,
    };
  }
  return undefined;
};

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

const NOBODY_ASKED: Point = { code: 10, detection: 'Unscannable', says: 'No engine was asked about it.' };

/** What was found; that one engine of several did not look counts only when nobody did. */
const detectionsIn = (points: Point[], decisive: ResultCode): Detection[] => [
  ...new Set(points.filter(({ code }) => code !== 10 || decisive === 10).flatMap(({ detection }) => detection ?? [])),
];

const rank = (code: ResultCode) => ORDER.indexOf(code);

/** Says whether asking again may change the answer: an engine failed in passing, and nothing found outranks its silence. */
export const worthRetrying = ({ answers, unread }: Findings): boolean => {
  if (unread !== undefined) return unread.why === 'changed' || unread.why === 'unreadable';
  if (answers.some(({ status, kind }) => status === 'detected' && (kind === 'Threat' || kind === 'Blocklisted')))
    return false;
  return answers.some(({ status, retry }) => status === 'failed' && retry);
};

/** Judges one file by what was found out about it, under a workflow. Pure; the same findings always get the same verdict. */
export const judge = (findings: Findings, workflow: WorkflowDefinition): Verdict => {
  if (findings.unread !== undefined) return ofUnread(findings.unread, workflow);

  const points = findings.answers.map((answer) => ofAnswer(answer, findings));
  const inside = ofInside(findings);
  // An engine's clean speaks for the outside alone where the inside was not seen.
  const counted = inside === undefined ? points : [inside, ...points.filter(({ code }) => code !== 0)];
  const [decisive = NOBODY_ASKED] = counted.toSorted((a, b) => rank(a.code) - rank(b.code));
  const detections = decisive.code === 7 ? [] : detectionsIn([...counted, decisive], decisive.code);

  const failed = points.find(({ code }) => code === 3);
  const settled = decisive.detection !== undefined && decisive.code !== 10;
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
