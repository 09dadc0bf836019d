import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Actor } from '../core/user';
import { toFieldFault } from './errors';

export interface ApiEnv {
  Bindings: {
    /** The request came over the Unix socket, whose file permissions are the lock. */
    socket?: boolean;
    /** The client's address. */
    ip?: string;
  };
  Variables: { actor: Actor };
}

/** A router for one resource: what does not fit its schemas becomes a Fault that names the field. */
export const createRouter = () =>
  new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw toFieldFault(result.error);
    },
  });

/** What every acknowledgement carries. */
export const Acknowledgement = z
  .object({ responseKey: z.string(), responseMessage: z.string() })
  .openapi('Acknowledgement');

const ApiError = z
  .object({
    responseKey: z.string().openapi({ example: 'NOT_FOUND' }),
    responseMessage: z.string(),
    hint: z.string().optional(),
    errorId: z.string().optional(),
  })
  .openapi('Error');

export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

export const body = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

/** The answers that any route may give when it cannot do what was asked. */
export const errors = {
  '4XX': json(ApiError, 'What the caller can put right.'),
  '5XX': json(ApiError, 'What the caller cannot put right; a bug has an `errorId` that the log has too.'),
};

export const IdParam = z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' } }) });
