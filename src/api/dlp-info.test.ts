import { expect, test } from 'bun:test';
import type { EngineAnswer, Findings, Inside } from '../core/findings';
import { certaintyOf, createSensitive, type SensitiveHit } from '../core/sensitive';
import { toDlpInfo } from './dlp-info';

const hit = (score: number): SensitiveHit => ({ before: 'card ', hit: '****1881', after: '', score });
const typeOf = (scores: number[], count = scores.length) => ({
  type: 'ccn',
  displayName: 'Credit Card Number',
  count,
  score: Math.max(...scores),
  hits: scores.map(hit),
});
const answer = (more: Partial<EngineAnswer> = {}): EngineAnswer => ({
  engineId: 'sensitive-data',
  engineName: 'Sensitive data',
  seeksSensitive: true,
  status: 'clean',
  looksInside: false,
  scanTime: 1,
  ...more,
});
const found = (...scores: number[]) =>
  answer({ status: 'detected', kind: 'SensitiveData', sensitive: { shown: false, types: [typeOf(scores)] } });
const findings = (answers: EngineAnswer[], more: Partial<Findings> = {}): Findings => ({
  answers,
  startedAt: 0,
  endedAt: 1,
  ...more,
});
const inside: Inside = {
  members: 1,
  bytes: 1,
  whole: true,
  retry: false,
  answers: [],
  unanimous: [],
  byPath: false,
  outcomes: [],
  terms: '',
};

test('what was found has the published shape', () => {
  expect(toDlpInfo(findings([found(80, 30)]), 50)).toEqual({
    hits: {
      ccn: {
        display_name: 'Credit Card Number',
        hits: [
          { before: 'card ', hit: '****1881', after: '', certainty: 'Very High', certainty_score: 80, severity: 0 },
          { before: 'card ', hit: '****1881', after: '', certainty: 'Low', certainty_score: 30, severity: 1 },
        ],
        count: 2,
        left_out: 0,
      },
    },
    severity: 0,
    verdict: 1,
  });
});

test.each<[string, EngineAnswer[], Partial<Findings>, number]>([
  ['looked into whole, and nothing there', [answer()], {}, 0],
  ['certain enough', [found(50)], {}, 1],
  ['found by an engine that tells no more', [answer({ status: 'detected', kind: 'SensitiveData' })], {}, 1],
  ['less certain than the workflow asks for', [found(49)], {}, 2],
  ['failed', [answer({ status: 'failed', reason: 'damaged' })], {}, 3],
  ['a kind without text', [answer({ status: 'skipped', reason: 'no text' })], {}, 4],
  ['nobody looked for any', [answer({ seeksSensitive: undefined })], {}, 4],
  ['clean, but not all of what lies in it was seen', [answer()], { inside: { ...inside, whole: false } }, 4],
  ['clean, but a limit was met', [answer()], { troubles: [{ why: 'depth', message: 'too deep' }] }, 4],
  ['skipped in a member', [answer()], { inside: { ...inside, answers: [answer({ status: 'skipped' })] } }, 4],
  ['found in a member', [answer()], { inside: { ...inside, answers: [found(90)] } }, 1],
])('%s', (_, answers, more, verdict) => {
  expect(toDlpInfo(findings(answers, more), 50).verdict).toBe(verdict);
});

test('a container that nobody opened is not clean', () => {
  const type = { mime: 'application/zip', description: '', container: true };
  const content = { size: 1, sha256: '', sha1: '', md5: '', type };
  expect(toDlpInfo(findings([answer()], { content }), 50).verdict).toBe(4);
  expect(toDlpInfo(findings([answer()], { content, takenApart: true, inside }), 50).verdict).toBe(0);
});

test('what was found in many members is bounded, with the likeliest kept and all counted', () => {
  const all = createSensitive();
  for (let i = 0; i < 1000; i++) all.add({ shown: false, types: [typeOf([i % 100])] }, `member-${i}`);
  const info = toDlpInfo(findings([], { inside: { ...inside, answers: [answer({ sensitive: all.all() })] } }), 50);
  expect(info.hits?.ccn).toMatchObject({ count: 1000, left_out: 950 });
  expect(info.hits?.ccn?.hits).toHaveLength(50);
  expect(info.hits?.ccn?.hits[0]).toMatchObject({ certainty_score: 99, path: 'member-99' });
  expect(Math.min(...(info.hits?.ccn?.hits ?? []).map((one) => one.certainty_score))).toBe(95);
});

test('a score in words', () => {
  expect([0, 19, 20, 40, 60, 80, 100].map(certaintyOf)).toEqual([
    'Very Low',
    'Very Low',
    'Low',
    'Medium',
    'High',
    'Very High',
    'Very High',
  ]);
});
