import { expect, test } from 'bun:test';
import type { Job, Outcome } from './host';
import { packJobs, packOutcomes, unpackJobs, unpackOutcomes } from './packed';

const job = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  place: { path: `/srv/${id}` },
  size: 1,
  engines: 'all',
  timeout: 1000,
  unpackBy: 'assay',
  limits: { depth: 1, files: 1, size: 1, expansion: 1, time: 1 },
  passwords: [],
  ...more,
});

test('jobs come out as they went in, with names that are no UTF-8 and each with its own passwords', () => {
  const shared = ['one', 'two \ud800'];
  const raw = Uint8Array.of(0x2f, 0xff, 0xfe, 0x0a);
  const jobs = [
    job('a', { passwords: shared }),
    job('b', { place: { path: '/\ufffd', raw }, passwords: shared }),
    job('c', { engines: ['yara'], sanitize: { to: '/x', sha256: 'y' }, passwords: ['three'] }),
  ];
  const { brief, text } = packJobs(jobs);
  expect(brief).toEqual(jobs.map(({ id, timeout }) => ({ id, timeout })));
  expect(unpackJobs(text)).toEqual(jobs);
});

test('a list of passwords that jobs share goes out once', () => {
  const shared = ['swordfish'];
  const { text } = packJobs(Array.from({ length: 32 }, (_, i) => job(`${i}`, { passwords: shared })));
  expect(text.split('swordfish')).toHaveLength(2);
});

test('outcomes come out as they went in', () => {
  const outcomes: Outcome[] = [
    { id: 'a', holds: 'abc' },
    { id: 'b', lost: 'hung', reason: 'no answer' },
    { id: 'c', findings: { unread: { why: 'gone', message: 'It is gone.' }, answers: [], startedAt: 1, endedAt: 2 } },
  ];
  expect(unpackOutcomes(packOutcomes(outcomes))).toEqual(outcomes);
});
