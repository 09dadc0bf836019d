import { expect, test } from 'bun:test';
import { remediationNote, toRequest, whyNothing, wishOf } from './wish';

test('the dialog opens with what the reader was looking at', () => {
  expect(wishOf({ status: ['Blocked'], detection: ['Encrypted'], search: 'x' })).toMatchObject({
    status: ['Blocked'],
    detection: ['Encrypted'],
    outdated: false,
    passwords: [],
  });
});

test('passwords that were not typed are not sent, and the others as they are', () => {
  expect(toRequest({ ...wishOf({}), passwords: ['', ' a ', ''] }).passwords).toEqual([' a ']);
  expect(toRequest({ ...wishOf({}), passwords: [''] }).passwords).toBeUndefined();
});

test('the note on failed remediations says what the filter does', () => {
  expect(remediationNote([])).toBeUndefined();
  expect(remediationNote(['Allowed', 'Blocked'])).toContain('not taken');
  expect(remediationNote(['Allowed', 'FailedRemediation'])).toContain('only the allowed');
  expect(remediationNote(['FailedRemediation'])).toContain('Both');
  expect(remediationNote(['Failed'])).toBeUndefined();
});

test('that detections add up to nothing is explained', () => {
  expect(whyNothing(wishOf({ detection: ['SensitiveData', 'Vulnerability'] }))).toContain(
    'Sensitive data and Vulnerability',
  );
});
