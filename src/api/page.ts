import { z } from '@hono/zod-openapi';
import { Fault } from '../core/fault';

const ID = /^[\w.-]{1,64}$/;

const toCursor = (id: string): string => Buffer.from(id).toString('base64url');

const Cursor = z
  .string()
  .transform((text, context) => {
    const id = Buffer.from(text, 'base64url').toString();
    if (ID.test(id) && toCursor(id) === text) return id;
    context.addIssue({ code: 'custom', message: 'not a cursor that a list gave out' });
    return z.NEVER;
  })
  .openapi({ type: 'string', description: 'The `nextCursor` of the page before.' });

/** The query of every list; the cursor comes out as the id that ended the page before. */
export const PageQuery = z.strictObject({
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .openapi({ type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
  cursor: Cursor.optional(),
});

export const pageSchema = <S extends z.ZodType>(entry: S) =>
  z.object({ entries: z.array(entry), nextCursor: z.string().nullable(), total: z.number().int() });

interface Page<T> {
  entries: T[];
  nextCursor: string | null;
  total: number;
}

/** A page out of `limit + 1` rows: the one too many tells that there is more. */
export const pageOf = <T extends { id: string }>(rows: T[], limit: number, total: number): Page<T> => {
  const entries = rows.slice(0, limit);
  const last = entries.at(-1);
  return { entries, nextCursor: rows.length > limit && last ? toCursor(last.id) : null, total };
};

/** A page of a list that is short enough to be read whole; in the order of ids, which is the order of making. */
export const pageOfAll = <T extends { id: string }>(all: T[], query: { limit: number; cursor?: string }): Page<T> => {
  const { limit, cursor = '' } = query;
  const rest = all.filter((entry) => entry.id > cursor).sort((a, b) => (a.id < b.id ? -1 : 1));
  return pageOf(rest, limit, all.length);
};

/** The place in a list that a cursor of `pageAt` stands for. */
export const placeOf = (cursor: string | undefined): number => {
  const place = Number(cursor ?? 0);
  if (Number.isSafeInteger(place) && place >= 0) return place;
  throw new Fault('BAD_REQUEST', 'cursor: not a cursor that this list gave out');
};

/** A page of a list that is asked by places. */
export const pageAt = <T>(entries: T[], from: number, total: number): Page<T> => {
  const next = from + entries.length;
  return { entries, nextCursor: entries.length > 0 && next < total ? toCursor(String(next)) : null, total };
};

/** A query key that may come several times. */
export const repeated = <S extends z.ZodType<string, string>>(schema: S) =>
  z.union([schema, z.array(schema)]).transform((value): z.output<S>[] => (Array.isArray(value) ? value : [value]));
