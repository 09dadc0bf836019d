import { expect, test } from 'bun:test';
import { toTime } from './filter';

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
  ['2026-01-31', new Date(2026, 0, 31).toISOString()],
  ['2026-01-31T12:00', new Date(2026, 0, 31, 12).toISOString()],
  ['2026-01-31 12:00:01', new Date(2026, 0, 31, 12, 0, 1).toISOString()],
])('the time %s is %s', (text, time) => {
  expect(toTime('from', text)).toBe(time);
});

test.each(['yesterday', '', '2026', '2026-13-01', '2026-02-30', '2026-01-31T25:00', '1 January 2026', '2026-01-31Z'])(
  '%j is no time',
  (text) => {
    expect(() => toTime('from', text)).toThrow('is no time for --from');
  },
);
