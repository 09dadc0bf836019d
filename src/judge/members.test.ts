import { describe, expect, test } from 'bun:test';
import type { EngineAnswer, FileType, Findings, MemberFindings, Trouble } from '../core/findings';
import { WorkflowDefinition } from '../core/workflow';
import { judge } from './judge';
import { judgeMembers } from './members';

const text: FileType = { mime: 'text/plain', description: 'Text', container: false };
const zip: FileType = { mime: 'application/zip', description: 'Zip archive', container: true };
const pdf: FileType = { mime: 'application/pdf', description: 'PDF document', container: false };
const workflow = WorkflowDefinition.parse({});
const lenient = WorkflowDefinition.parse({ onEngineFailure: 'ignore' });

const answer = (more: Partial<EngineAnswer> = {}): EngineAnswer => ({
  engineId: 'e',
  engineName: 'E',
  status: 'clean',
  looksInside: false,
  scanTime: 0,
  ...more,
});
const threat = answer({ status: 'detected', name: 'Eicar', kind: 'Threat' });
const known = answer({ status: 'detected', name: 'good.txt', kind: 'Allowlisted' });
const failed = answer({ status: 'failed', reason: 'away', retry: true });
const trouble = (why: Trouble['why']): Trouble => ({ why, message: `because of ${why}.` });

const member = (path: string, more: Partial<MemberFindings> = {}): MemberFindings => ({
  path,
  size: 1,
  content: { sha256: '', type: text },
  answers: [answer()],
  ...more,
});
const archive = (path: string, more: Partial<MemberFindings> = {}): MemberFindings =>
  member(path, { content: { sha256: '', type: zip }, takenApart: true, answers: [], ...more });

/** The verdict on a file of these members. */
const judged = (members: MemberFindings[], more: Partial<Findings> = {}, flow = workflow) => {
  const { outcomes, members: rows } = judgeMembers(members, flow);
  const findings: Findings = {
    content: { size: 1, sha256: '', sha1: '', md5: '', type: zip },
    answers: [],
    takenApart: true,
    inside: {
      members: members.length,
      bytes: 1,
      whole: true,
      retry: false,
      answers: [],
      outcomes,
      terms: '',
      unanimous: [],
      byPath: false,
    },
    startedAt: 0,
    endedAt: 1,
    ...more,
  };
  return { verdict: judge(findings, flow), rows };
};

describe('a file is judged by what lies in it', () => {
  test('all clean is No Threat Detected, though no engine was asked about the outside', () => {
    expect(judged([member('a'), member('b')]).verdict).toMatchObject({ resultCode: 0, status: 'Allowed' });
  });

  test('an infected member two levels down makes every archive on the way infected, and is named', () => {
    const { verdict, rows } = judged([
      archive('in.zip'),
      archive('in.zip/deep.zip', { parent: 0 }),
      member('in.zip/deep.zip/bad', { parent: 1, answers: [threat] }),
      member('good'),
    ]);
    expect(verdict).toMatchObject({ resultCode: 1, detections: ['Threat'], decidedBy: 'E' });
    expect(verdict.explanation).toBe('In in.zip/deep.zip/bad: E found Eicar.');
    expect(rows.map(({ path, resultCode }) => [path, resultCode])).toEqual([
      ['in.zip', 1],
      ['in.zip/deep.zip', 1],
      ['in.zip/deep.zip/bad', 1],
      ['good', 0],
    ]);
    expect(rows[2]).toMatchObject({ detectedBy: ['E'], scannedWith: ['E'] });
  });

  test('infected wins when another member could not be read, and both are detections', () => {
    const { verdict } = judged([
      member('locked', { answers: [], content: undefined, troubles: [trouble('encrypted')] }),
      member('bad', { answers: [threat] }),
    ]);
    expect(verdict).toMatchObject({ resultCode: 1 });
    expect(verdict.detections.toSorted()).toEqual(['Encrypted', 'Threat']);
  });

  test.each([
    ['encrypted', 12, 'Encrypted'],
    ['depth', 9, 'Unscannable'],
    ['files', 14, 'Unscannable'],
    ['size', 13, 'Unscannable'],
    ['expansion', 60, 'Unscannable'],
    ['time', 16, 'Unscannable'],
    ['damaged', 24, 'Unscannable'],
    ['unsupported', 23, 'Unscannable'],
  ] as const)('a member that is %s, or a container, is never clean', (why, code, detection) => {
    const ofMember = judged([member('a'), member('b', { troubles: [trouble(why)] })]).verdict;
    const ofItself = judged([member('a')], { troubles: [trouble(why)] }).verdict;
    for (const verdict of [ofMember, ofItself]) {
      expect(verdict).toMatchObject({ resultCode: code, status: 'Blocked', detections: [detection] });
      expect(verdict.explanation).toContain(`because of ${why}.`);
    }
  });

  test('a member that nobody looked into keeps the file from being clean, also beside clean ones', () => {
    const skipped = answer({ status: 'skipped', reason: 'too large' });
    expect(judged([member('a'), member('b', { answers: [skipped] })]).verdict.resultCode).toBe(10);
    expect(judged([member('a'), archive('b.rar', { takenApart: undefined })]).verdict.resultCode).toBe(10);
    expect(judged([member('a'), member('b', { answers: [] })]).verdict.resultCode).toBe(10);
  });

  test('that one member is known to be good says nothing about the others', () => {
    expect(judged([member('a', { answers: [known] }), member('b')]).verdict.resultCode).toBe(0);
    expect(judged([member('a', { answers: [known] }), member('b', { answers: [threat] })]).verdict.resultCode).toBe(1);
  });

  test('a document whose decrypted form nobody has is password protected, an archive is an encrypted one', () => {
    const locked = (within: FileType) =>
      judged([member('x', { answers: [], content: undefined, within, troubles: [trouble('encrypted')] })]).verdict;
    expect(locked(pdf).resultCode).toBe(15);
    expect(locked(zip).resultCode).toBe(12);
  });

  test('an engine that failed on a member makes the file Failed, unless the workflow lets the others decide', () => {
    expect(judged([member('a', { answers: [answer(), failed] })]).verdict).toMatchObject({ state: 'Failed' });
    expect(judged([member('a', { answers: [answer(), failed] })], {}, lenient).verdict.resultCode).toBe(0);
    expect(judged([member('a', { answers: [failed] }), member('b')], {}, lenient).verdict.state).toBe('Failed');
  });

  test('what an engine calls encrypted is not, once it was opened here', () => {
    const content = { size: 1, sha256: '', sha1: '', md5: '', type: pdf };
    const locked = answer({ status: 'detected', kind: 'Encrypted', name: 'Heuristics.Encrypted.PDF' });
    const opened = judged([member('offer.pdf')], { content, answers: [answer({ engineId: 'y' }), locked] }).verdict;
    expect(opened).toMatchObject({ resultCode: 0, detections: [] });
    const shut = judged([], { content, answers: [locked], troubles: [trouble('encrypted')] }).verdict;
    expect(shut).toMatchObject({ resultCode: 15, detections: ['Encrypted'] });
  });

  test('an engine that looks inside is believed about what Assay does not read, but not about a limit or damage', () => {
    const seen = answer({ looksInside: true });
    expect(judged([], { answers: [seen], troubles: [trouble('unsupported')] }).verdict.resultCode).toBe(0);
    expect(judged([], { answers: [seen], troubles: [trouble('damaged')] }).verdict.resultCode).toBe(24);
    expect(judged([], { answers: [seen], troubles: [trouble('size')] }).verdict.resultCode).toBe(13);
  });

  test('an empty archive that no engine was asked about is not clean', () => {
    expect(judged([]).verdict).toMatchObject({ resultCode: 10, status: 'Blocked' });
  });

  test('a name that lies is a type mismatch, of the file and of a member', () => {
    const content = { size: 1, sha256: '', sha1: '', md5: '', type: text, mismatch: 'It says that it is a picture.' };
    expect(judged([], { content, answers: [answer()] }).verdict).toMatchObject({
      resultCode: 17,
      detections: ['TypeMismatch'],
    });
    const { verdict } = judged([member('a.jpg', { content })]);
    expect(verdict.explanation).toBe('In a.jpg: It says that it is a picture.');
  });
});
