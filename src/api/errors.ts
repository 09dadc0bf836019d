import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { core, ZodError } from 'zod';
import { FAULTS, Fault, rootOf } from '../core/fault';
import { newId } from '../core/id';
import type { Log } from '../core/log';
import { toStoreFault } from '../store/faults';

const UNSAID = 'Invalid input';

/** Of a union that says nothing of its own, what its first member said: "Invalid input" alone helps nobody. */
const messageOf = (issue: core.$ZodIssue | undefined): string => {
  const inner = issue?.code === 'invalid_union' && issue.message === UNSAID ? issue.errors[0]?.[0] : undefined;
  return inner ? messageOf(inner) : (issue?.message ?? UNSAID);
};

/** What a schema refused, naming the field and never its value. */
export const toFieldFault = (error: ZodError): Fault => {
  const issue = error.issues[0];
  const field = issue?.path.join('.');
  const message = messageOf(issue);
  return new Fault('BAD_REQUEST', field ? `"${field}" is not valid: ${message}.` : `${message}.`, {
    hint: 'GET /api/openapi.json says what each request takes.',
  });
};

const toFault = (error: unknown): unknown => {
  if (error instanceof HTTPException && error.status < 500) {
    const hint = 'Send well-formed JSON with "Content-Type: application/json".';
    return new Fault('BAD_REQUEST', `${error.message}.`, { hint });
  }
  return toStoreFault(error, 'of Assay');
};

/** Turns what was thrown into an answer: a Fault as it is, anything else as a bug with an id, logged here and nowhere else. */
export const createErrorHandler = (log: Log) => (thrown: unknown, c: Context) => {
  const error = toFault(thrown);
  if (error instanceof Fault) {
    const answer = { responseKey: error.code, responseMessage: error.message, hint: error.hint };
    return c.json(answer, FAULTS[error.code].http);
  }
  const errorId = newId();
  log.error({ err: rootOf(error), errorId, method: c.req.method, path: c.req.path }, 'a request failed');
  const responseMessage = `Something went wrong inside Assay. Its log says more under ${errorId}.`;
  return c.json({ responseKey: 'INTERNAL_ERROR', responseMessage, errorId }, 500);
};

export const notFound = () => {
  throw new Fault('NOT_FOUND', 'There is nothing at this address.', {
    hint: 'GET /api/openapi.json lists what there is.',
  });
};

/** The value, or the Fault that there is none. */
export const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Fault('NOT_FOUND', `There is no such ${what}.`);
  return value;
};
