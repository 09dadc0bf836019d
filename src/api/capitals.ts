import { z } from '@hono/zod-openapi';

const uncapitalized = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.charAt(0).toLowerCase() + key.slice(1), one]),
  );
};

/** A body whose keys may begin with a capital letter, too, as programs write them that serialize .NET objects. */
export const eitherCase = <S extends z.ZodType>(schema: S) =>
  z.preprocess<unknown, S, z.input<S>>(uncapitalized, schema);
