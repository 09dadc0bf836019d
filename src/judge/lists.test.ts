import { describe, expect, test } from 'bun:test';
import { FileRule, fitsPattern } from '../core/file-rule';
import type { EngineAnswer, Findings } from '../core/findings';
import { WorkflowDefinition } from '../core/workflow';
import { judge } from './judge';
import { judgeMembers } from './members';

const sha256 = 'ab'.repeat(32);
const file = { path: 'in/Setup Final.EXE', size: 100 };
const answer = (more: Partial<EngineAnswer>): EngineAnswer => ({
  engineId: 'e',
  engineName: 'E',
  status: 'clean',
  looksInside: false,
  scanTime: 1,
  ...more,
});
const infected = answer({ status: 'detected', name: 'Bad', kind: 'Threat' });
const findings = (more: Partial<Findings> = {}): Findings => ({
  content: { size: 100, sha256, sha1: '', md5: '', type: { mime: 'image/png', description: '', container: false } },
  answers: [infected],
  startedAt: 0,
  endedAt: 1,
  ...more,
});
const workflow = (lists: object) => WorkflowDefinition.parse(lists);
const codeUnder = (lists: object, more?: Partial<Findings>) => judge(findings(more), workflow(lists), file).resultCode;

describe('a rule', () => {
  test.each([
    [{ sha256 }],
    [{ sha256: sha256.toUpperCase() }],
    [{ type: 'image/png' }],
    [{ type: 'IMAGE/*' }],
    [{ name: '*.exe' }],
    [{ name: 'setup ?inal.exe' }],
    [{ name: 'in/*' }],
    [{ minSize: 100, maxSize: 100 }],
    [{ sha256, type: 'image/png', name: '*', minSize: 1, maxSize: 1000 }],
  ])('%j fits', (rule) => {
    expect(codeUnder({ allow: [rule] })).toBe(7);
    expect(codeUnder({ block: [rule] }, { answers: [answer({})] })).toBe(8);
  });
  test.each([
    [{ sha256: 'cd'.repeat(32) }],
    [{ type: 'image/jpeg' }],
    [{ type: 'ima/*' }],
    [{ name: 'exe' }],
    [{ name: 'out/*' }],
    [{ name: '*.exe', minSize: 101 }],
    [{ sha256, maxSize: 99 }],
  ])('%j does not', (rule) => {
    expect(codeUnder({ allow: [rule] })).toBe(1);
    expect(codeUnder({ block: [rule] }, { answers: [answer({})] })).toBe(0);
  });
  test.each([{}, { reason: 'no file' }, { sha256: 'ab' }, { type: 'png' }, { size: 1 }])('%j is none', (rule) => {
    expect(FileRule.safeParse(rule).success).toBe(false);
  });
});

test('the block list goes before the allow list, and each is named as the reason', () => {
  const rule = { name: '*.exe', reason: 'no programs' };
  const verdict = judge(findings(), workflow({ allow: [rule], block: [rule] }), file);
  expect(verdict).toMatchObject({
    resultCode: 8,
    status: 'Blocked',
    decidedBy: 'block list',
    explanation: 'It is on the block list of the workflow (name *.exe): no programs.',
  });
  expect(judge(findings(), workflow({ allow: [rule] }), file)).toMatchObject({
    resultCode: 7,
    status: 'Allowed',
    decidedBy: 'allow list',
    detections: [],
  });
});

test('what an allowed file was not looked into for is not said to be clean', () => {
  const failed = answer({ status: 'failed', reason: 'away' });
  expect(codeUnder({ allow: [{ sha256 }] }, { answers: [failed] })).toBe(7);
  const tooBig = { content: undefined, answers: [], unread: { why: 'tooBig' as const, message: 'It is too big.' } };
  expect(codeUnder({ allow: [{ name: '*.exe' }] }, tooBig)).toBe(7);
  // Its content was never seen, so no rule about that fits it.
  expect(codeUnder({ allow: [{ sha256 }] }, tooBig)).toBe(10);
  const gone = { ...tooBig, unread: { why: 'gone' as const, message: 'It is gone.' } };
  expect(codeUnder({ allow: [{ name: '*.exe' }], block: [{ name: '*.exe' }] }, gone)).toBe(3);
});

test('a member is on a list like a file; what is allowed in a container says nothing about the rest of it', () => {
  const content = { sha256, type: { mime: 'text/plain', description: '', container: false } };
  const members = [
    { path: 'good.txt', size: 1, content, answers: [infected] },
    { path: 'other.txt', size: 1, content: { ...content, sha256: '' }, answers: [infected] },
  ];
  const rules = workflow({ allow: [{ sha256 }] });
  const judged = judgeMembers(members, rules);
  expect(judged.members.map(({ resultCode }) => resultCode).toSorted()).toEqual([1, 7]);
  const inside = {
    members: 2,
    bytes: 2,
    whole: true,
    retry: false,
    answers: [],
    unanimous: [],
    byPath: false,
    terms: '',
  };
  const whole = findings({
    answers: [answer({})],
    takenApart: true,
    inside: { ...inside, outcomes: judged.outcomes },
  });
  expect(judge({ ...whole, content: undefined }, rules, file)).toMatchObject({ resultCode: 1, status: 'Blocked' });
});

test.each<[string, string, boolean]>([
  ['*', '', true],
  ['?', '', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-b-b', false],
  ['**a', 'bba', true],
  ['?', '🦠', true],
  ['[a]', 'a', false],
  [`${'*a'.repeat(100)}b`, 'a'.repeat(255), false],
])('the pattern %s and the name %s: %p', (pattern, name, fits) => {
  expect(fitsPattern(pattern, name)).toBe(fits);
});

describe('sensitive data under a threshold', () => {
  const sensitive = (score: number, unread?: { status: 'skipped' | 'failed'; reason: string }) =>
    answer({
      status: 'detected',
      kind: 'SensitiveData',
      name: 'SensitiveData.CreditCardNumber',
      sensitive: {
        shown: false,
        types: [{ type: 'ccn', displayName: 'Credit Card Number', count: 2, score, hits: [] }],
        unread,
      },
    });
  const under = (answers: EngineAnswer[], sensitiveDataThreshold = 50) =>
    judge(findings({ answers }), workflow({ sensitiveDataThreshold }), file);

  test('counts from it on, and only then', () => {
    expect(under([sensitive(50)])).toMatchObject({
      resultCode: 20,
      status: 'Blocked',
      detections: ['SensitiveData'],
      explanation: 'E found Credit Card Number (2).',
    });
    expect(under([sensitive(49)])).toMatchObject({ resultCode: 0, status: 'Allowed', detections: [] });
    expect(under([sensitive(49)], 0)).toMatchObject({ resultCode: 20 });
  });
  test('does not make a file clean whose text was not read to its end', () => {
    const unread = { reason: 'page 2 is damaged' };
    expect(under([sensitive(10, { ...unread, status: 'failed' })])).toMatchObject({
      resultCode: 3,
      state: 'Failed',
      explanation: 'E failed: page 2 is damaged.',
    });
    expect(under([sensitive(10, { ...unread, status: 'skipped' })])).toMatchObject({ resultCode: 10 });
    expect(under([sensitive(90, { ...unread, status: 'failed' })])).toMatchObject({ resultCode: 20 });
  });
  test('a threat goes before it, and both are kept', () => {
    expect(under([sensitive(90), infected])).toMatchObject({
      resultCode: 1,
      detections: expect.arrayContaining(['Threat', 'SensitiveData']),
    });
  });
});
