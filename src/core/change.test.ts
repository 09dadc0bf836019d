import { expect, test } from 'bun:test';
import { type Before, CHANGES, type Change, changeBits, changesOf, changesSince } from './change';
import type { Verdict } from './file';
import type { Findings } from './findings';

const allowed: Before = { state: 'Available', status: 'Allowed', detections: [], sha256: 'a' };
const blocked: Before = { state: 'Available', status: 'Blocked', detections: ['Threat'], sha256: 'a' };
const encrypted: Before = { ...blocked, detections: ['Encrypted'] };
const failed: Before = { state: 'Failed', detections: [] };
const canceled: Before = { state: 'Canceled', detections: [] };

const verdict = (before: Before): Verdict => ({ ...before, resultCode: 0, explanation: '' });
const findings = (sha256?: string, gone = false, movedTo?: string): Findings => ({
  answers: [],
  startedAt: 0,
  endedAt: 0,
  content:
    sha256 === undefined
      ? undefined
      : { size: 1, sha256, sha1: '', md5: '', type: { mime: '', description: '', container: false } },
  unread: gone ? { why: 'gone', message: '', movedTo } : undefined,
});

test.each<[string, Before, Before, Findings, Change[]]>([
  ['nothing', allowed, allowed, findings('a'), []],
  ['a file that is blocked now', allowed, blocked, findings('a'), ['allowedToBlocked', 'newlyDetected']],
  ['a false positive that is settled', blocked, allowed, findings('a'), ['blockedToAllowed']],
  ['an encrypted file that is clean', encrypted, allowed, findings('a'), ['blockedToAllowed', 'newlyReadable']],
  ['an encrypted file with a threat in it', encrypted, blocked, findings('a'), ['newlyDetected', 'newlyReadable']],
  ['a failed file that is read now', failed, allowed, findings('a'), ['newlyReadable']],
  ['a file that a canceled scan did not come to', canceled, allowed, findings('a'), ['newlyReadable']],
  ['a file that fails again', failed, failed, findings(), ['stillFailing']],
  ['a file that fails for the first time', blocked, failed, findings('a'), ['newlyFailing']],
  ['a file that is gone', blocked, failed, findings(undefined, true), ['newlyFailing', 'gone']],
  ['a file that moved', allowed, failed, findings(undefined, true, '/b'), ['newlyFailing', 'gone', 'moved']],
  ['other content, the same verdict', allowed, allowed, findings('b'), ['contentChanged']],
])('%s', (_, before, after, found, changes) => {
  expect(changesSince(before, verdict(after), found)).toEqual(changes);
});

test('changes keep their bits', () => {
  for (let bits = 0; bits < 1 << CHANGES.length; bits++) expect(changeBits(changesOf(bits))).toBe(bits);
});
