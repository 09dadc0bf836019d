import { describe, expect, test } from 'bun:test';
import type { EngineAnswer, FileType, Findings } from '../core/findings';
import { RESULTS } from '../core/result';
import { WorkflowDefinition } from '../core/workflow';
import { judge, worthRetrying } from './judge';

const plain: FileType = { mime: 'text/plain', description: 'Text', container: false };
const zip: FileType = { mime: 'application/zip', description: 'Zip archive', container: true };
const locked: FileType = { ...zip, encrypted: 'archive' };

const answer = (more: Partial<EngineAnswer>): EngineAnswer => ({
  engineId: 'e',
  engineName: 'E',
  status: 'clean',
  looksInside: false,
  scanTime: 1,
  ...more,
});
const clean = answer({});
const cleanInside = answer({ looksInside: true });
const skipped = answer({ status: 'skipped', reason: 'not its kind' });
const failed = answer({ status: 'failed', reason: 'away', retry: true });
const found = (kind: EngineAnswer['kind'], more = {}) => answer({ status: 'detected', name: 'N', kind, ...more });

const findings = (answers: EngineAnswer[], type = plain): Findings => ({
  content: { size: 1, sha256: '', sha1: '', md5: '', type },
  answers,
  startedAt: 0,
  endedAt: 1,
});
const workflow = WorkflowDefinition.parse({});
const lenient = WorkflowDefinition.parse({ onEngineFailure: 'ignore' });

/** answers → result, status, detections, under the default workflow */
const table: [string, EngineAnswer[], FileType, string, string | undefined, string[]][] = [
  ['nothing found', [clean], plain, 'No Threat Detected', 'Allowed', []],
  ['a threat wins over clean', [clean, found('Threat')], plain, 'Infected', 'Blocked', ['Threat']],
  ['a threat wins over a failure', [failed, found('Threat')], plain, 'Infected', 'Blocked', ['Threat']],
  [
    'a threat wins over suspicious, and both are kept',
    [found('Suspicious'), found('Threat')],
    plain,
    'Infected',
    'Blocked',
    ['Suspicious', 'Threat'],
  ],
  [
    'suspicious wins over encrypted',
    [found('Encrypted'), found('Suspicious')],
    plain,
    'Suspicious',
    'Blocked',
    ['Encrypted', 'Suspicious'],
  ],
  ['unwanted', [found('PotentiallyUnwanted'), clean], plain, 'Potentially Unwanted', 'Blocked', ['Suspicious']],
  ['clean wins over not scanned', [skipped, clean], plain, 'No Threat Detected', 'Allowed', []],
  [
    'who looks for vulnerable software alone does not say that there is no threat',
    [answer({ besideThreats: true }), skipped],
    plain,
    'Not Scanned',
    'Blocked',
    ['Unscannable'],
  ],
  [
    'vulnerable software',
    [found('Vulnerability', { severity: 'low' }), clean],
    plain,
    'Potentially Vulnerable File',
    'Blocked',
    ['Vulnerability'],
  ],
  ['nobody looked', [skipped, skipped], plain, 'Not Scanned', 'Blocked', ['Unscannable']],
  ['no engine at all', [], plain, 'Not Scanned', 'Blocked', ['Unscannable']],
  ['a failed engine is not clean', [clean, failed], plain, 'Failed', undefined, []],
  ['only failures', [failed], plain, 'Failed', undefined, []],
  [
    'a limit',
    [found('Unscannable', { resultCode: 13 }), clean],
    plain,
    'Exceeded Archive Size',
    'Blocked',
    ['Unscannable'],
  ],
  [
    'a limit of no known code',
    [found('Unscannable', { resultCode: 999 })],
    plain,
    'Not Scanned',
    'Blocked',
    ['Unscannable'],
  ],
  [
    'a limit whose code is that of clean',
    [found('Unscannable', { resultCode: 0 })],
    plain,
    'Not Scanned',
    'Blocked',
    ['Unscannable'],
  ],
  [
    'a lock whose code is that of an allow list',
    [found('Encrypted', { resultCode: 7 })],
    plain,
    'Encrypted Archive',
    'Blocked',
    ['Encrypted'],
  ],
  ['an archive that nobody unpacks', [clean], zip, 'Not Scanned', 'Blocked', ['Unscannable']],
  ['an archive that an engine unpacks', [clean, cleanInside], zip, 'No Threat Detected', 'Allowed', []],
  ['an encrypted archive', [clean], locked, 'Encrypted Archive', 'Blocked', ['Encrypted']],
  [
    'an encrypted archive of which an engine says that it is clean',
    [cleanInside],
    locked,
    'Encrypted Archive',
    'Blocked',
    ['Encrypted'],
  ],
  [
    'an encrypted archive with a threat on its outside',
    [found('Threat')],
    locked,
    'Infected',
    'Blocked',
    ['Threat', 'Encrypted'],
  ],
  [
    'an encrypted document',
    [clean],
    { ...plain, encrypted: 'document' },
    'Password Protected Document',
    'Blocked',
    ['Encrypted'],
  ],
  [
    'an allow list settles a false positive',
    [found('Allowlisted'), found('Threat')],
    plain,
    'Allowlisted',
    'Allowed',
    [],
  ],
  ['an allow list settles a failure', [found('Allowlisted'), failed], plain, 'Allowlisted', 'Allowed', []],
  [
    'a block list wins over an allow list',
    [found('Allowlisted'), found('Blocklisted')],
    plain,
    'Blocklisted',
    'Blocked',
    ['Threat'],
  ],
];

describe('judge', () => {
  test.each(table)('%s', (_, answers, type, result, status, detections) => {
    const verdict = judge(findings(answers, type), workflow);
    expect(RESULTS[verdict.resultCode]).toBe(result as never);
    expect(verdict.status).toBe(status as never);
    expect(verdict.detections.toSorted()).toEqual(detections.toSorted() as never);
  });

  test('the order of the answers does not matter', () => {
    const answers = [clean, failed, skipped, found('Threat'), found('Suspicious')];
    const verdicts = [answers, answers.toReversed()].map((list) => judge(findings(list), workflow).resultCode);
    expect(verdicts).toEqual([1, 1]);
  });

  test('a workflow may let the other engines decide when one failed, but never when all did', () => {
    expect(judge(findings([clean, failed]), lenient)).toMatchObject({ resultCode: 0, status: 'Allowed' });
    expect(judge(findings([failed, failed]), lenient)).toMatchObject({ resultCode: 3, state: 'Failed' });
    expect(judge(findings([skipped, failed]), lenient)).toMatchObject({ resultCode: 10, status: 'Blocked' });
  });

  test('what could not be read is Failed with its reason, and has no verdict', () => {
    for (const why of [
      'gone',
      'notRegular',
      'link',
      'denied',
      'changed',
      'unreadable',
      'hostEnded',
      'timeout',
    ] as const) {
      const verdict = judge({ ...findings([]), unread: { why, message: `because of ${why}` } }, workflow);
      expect(verdict).toMatchObject({ state: 'Failed', explanation: `because of ${why}` });
      expect(verdict.status).toBeUndefined();
      expect(verdict.resultCode).not.toBe(0);
    }
  });

  test('of an archive that nobody unpacks it is said that, whatever an engine did not look at besides', () => {
    expect(judge(findings([clean, skipped], zip), workflow).explanation).toContain(
      'inside this Zip archive was not looked into',
    );
  });

  test('a failed engine is named in the explanation', () => {
    expect(judge(findings([clean, failed]), workflow).explanation).toBe('E failed: away.');
  });

  test('no set of answers without a clean one is ever No Threat Detected', () => {
    const parts = [
      skipped,
      failed,
      found('Threat'),
      found('Suspicious'),
      found('Encrypted'),
      found('Unscannable'),
      found('SensitiveData'),
    ];
    for (let set = 0; set < 1 << parts.length; set++) {
      const some = parts.filter((_, bit) => set & (1 << bit));
      for (const flow of [workflow, lenient]) expect(judge(findings(some), flow).resultCode).not.toBe(0);
    }
  });
});

test('a failure is tried again only when that may help', () => {
  expect(worthRetrying(findings([clean, failed]))).toBe(true);
  expect(worthRetrying(findings([clean, answer({ status: 'failed', reason: 'x', retry: false })]))).toBe(false);
  expect(worthRetrying(findings([failed, found('Threat')]))).toBe(false);
  expect(worthRetrying({ ...findings([]), unread: { why: 'changed', message: '' } })).toBe(true);
  expect(worthRetrying({ ...findings([]), unread: { why: 'notRegular', message: '' } })).toBe(false);
});

test('below the threshold of the workflow vulnerable software is not found, and clears nothing that others left open', () => {
  const strict = WorkflowDefinition.parse({ vulnerabilityThreshold: 'high' });
  const vulnerable = (severity?: EngineAnswer['severity']) => found('Vulnerability', { severity, besideThreats: true });
  const judged = (...answers: EngineAnswer[]) => judge(findings(answers), strict);
  for (const severity of ['critical', 'high'] as const) {
    expect(judged(vulnerable(severity), clean)).toMatchObject({ resultCode: 18, status: 'Blocked' });
  }
  for (const severity of ['medium', 'low', undefined] as const) {
    expect(judged(vulnerable(severity), clean)).toMatchObject({ resultCode: 0, status: 'Allowed', detections: [] });
    expect(judged(vulnerable(severity))).toMatchObject({ resultCode: 10, status: 'Blocked' });
    expect(judged(vulnerable(severity), failed)).toMatchObject({ resultCode: 3, state: 'Failed' });
    expect(judge(findings([vulnerable(severity), clean]), workflow)).toMatchObject({ resultCode: 18 });
  }
});
