import { expect, test } from 'bun:test';
import { FAULTS, Fault, type FaultCode } from '../core/fault';
import { describeFailure } from './failure';

test('a fault is its message, its hint, and its exit code', () => {
  const fault = new Fault('NO_DAEMON', 'No Assay answers.', { hint: 'Start one.' });
  expect(describeFailure(fault, false)).toEqual({ text: 'assay: No Assay answers.\nhint: Start one.\n', exit: 69 });
  for (const code of Object.keys(FAULTS) as FaultCode[]) {
    expect(describeFailure(new Fault(code, 'x'), false).exit).toBeGreaterThan(2);
  }
});

test('a statement that failed is shown without its values, also to somebody who looks for it', () => {
  const error = new Error('Failed query: insert\nparams: $argon2id$secret', {
    cause: new Error('SQLITE_ERROR: near "x"'),
  });
  for (const debug of [false, true]) {
    const { text } = describeFailure(error, debug);
    expect(text).toContain('near "x"');
    expect(text).not.toContain('secret');
  }
});

test('a bug is an id and no stack, unless somebody looks for it', () => {
  const { text, exit } = describeFailure(new Error('boom\u001b[2J'), false);
  expect(text).toMatch(/error [0-9a-f-]{36}: boom\\x1b\[2J\n/);
  expect(text).not.toContain('    at ');
  expect(exit).toBe(70);
  expect(describeFailure(new Error('boom'), true).text).toContain('    at ');
});
