import { expect, test } from 'bun:test';
import table from '../../test/fixtures/reprocess-filter.json';
import { kindsTaken, type Outcome, takes } from './filter';
import { DETECTIONS, type StatusFilter } from './result';

const files: { [name: string]: Outcome } = Object.fromEntries(
  table.files.map(({ name, status, failedRemediation }) => [
    name,
    {
      state: failedRemediation
        ? 'FailedRemediation'
        : status === 'Failed' || status === 'Canceled'
          ? status
          : 'Available',
      status: status === 'Allowed' || status === 'Blocked' ? status : undefined,
      detections: [],
    } as Outcome,
  ]),
);

test.each(table.rows.map(({ select, takes }) => [select.join(' + ') || 'nothing chosen', select, takes] as const))(
  'Status %s',
  (_, select, taken) => {
    const filter = { status: [...select] as StatusFilter[], detection: [] };
    expect(Object.keys(files).filter((name) => takes(filter, files[name]!))).toEqual([...taken]);
    expect(kindsTaken(filter.status)).toHaveLength(taken.length);
  },
);

test('the table has every choice of statuses', () => {
  expect(new Set(table.rows.map(({ select }) => select.join())).size).toBe(2 ** table.statuses.length);
});

test('a file must have all of the chosen detections, and may have more', () => {
  const file: Outcome = { state: 'Available', status: 'Blocked', detections: ['Threat', 'Vulnerability'] };
  for (let chosen = 0; chosen < 1 << DETECTIONS.length; chosen++) {
    const detection = DETECTIONS.filter((_, bit) => chosen & (1 << bit));
    const expected = detection.every((d) => d === 'Threat' || d === 'Vulnerability');
    expect(takes({ status: ['Blocked'], detection }, file)).toBe(expected);
  }
});

test('Blocked files with sensitive data and vulnerabilities are none when no file has both', () => {
  const some: Outcome[] = [['SensitiveData'], ['Vulnerability'], []].map((detections) => ({
    state: 'Available',
    status: 'Blocked',
    detections: detections as never,
  }));
  expect(
    some.filter((file) => takes({ status: ['Blocked'], detection: ['SensitiveData', 'Vulnerability'] }, file)),
  ).toEqual([]);
});

test('a file in progress is taken by no choice of statuses', () => {
  for (const status of table.statuses as StatusFilter[]) {
    expect(takes({ status: [status], detection: [] }, { state: 'InProgress', detections: [] })).toBe(false);
  }
});
