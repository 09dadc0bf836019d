import { expect, test } from 'bun:test';
import { DETECTIONS, StatusFilter } from '../../core/result';
import { type Filter, filterChoices, readFilter, reportAddress, toggled, writeFilter } from './filter';

test('a filter comes out of its address as it went in', () => {
  const filters: Filter[] = [
    {},
    { status: ['Blocked', 'FailedRemediation'] },
    { detection: ['Threat', 'Vulnerability'], search: 'a&b=c #1 ü', workflowId: 'x' },
    { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
  ];
  for (const filter of filters) expect(readFilter(new URLSearchParams(writeFilter(filter).toString()))).toEqual(filter);
});

test('what makes no sense in an address is left out', () => {
  const params = new URLSearchParams('status=Nothing&status=Blocked&detection=&from=yesterday&search=&evil=1');
  expect(readFilter(params)).toEqual({ status: ['Blocked'] });
});

test('every status and detection of the API can be chosen', () => {
  expect(filterChoices.statuses).toEqual(StatusFilter.options);
  expect(filterChoices.detections).toEqual([...DETECTIONS]);
});

test('a report without a filter has a plain address', () => {
  expect(reportAddress('1')).toBe('/reports/1');
  expect(reportAddress('1', { status: ['Failed'] })).toBe('/reports/1?status=Failed');
});

test('a choice is switched on and off', () => {
  expect(toggled(undefined, 1)).toEqual([1]);
  expect(toggled([1, 2], 1)).toEqual([2]);
});
