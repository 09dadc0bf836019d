import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { Fault } from '../core/fault';
import { newId } from '../core/id';
import { type User as CoreUser, Role } from '../core/user';
import { createRecorder } from './audit';
import { hashPassword } from './auth';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { PageQuery, pageOfAll, pageSchema } from './page';
import { Acknowledgement, body, createRouter, errors, IdParam, json } from './router';

const User = z.object({ id: z.string(), userName: z.string(), role: Role, created: z.string() }).openapi('User');

/** No colon and not "local": the audit tells users from keys and from the socket by their names. */
const UserName = z
  .string()
  .regex(/^[\p{L}\p{N}._@-]{1,64}$/u, 'letters, digits and ._@- only, 64 at most')
  .refine((name) => name !== 'local', '"local" is the name of this host itself');

const Password = z.string().min(8).max(1024);

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Users'],
  summary: 'List the users',
  middleware: needs('admin'),
  request: { query: PageQuery },
  responses: { 200: json(pageSchema(User), 'A page of users.'), ...errors },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags: ['Users'],
  summary: 'Create a user',
  middleware: needs('admin'),
  request: { body: body(z.strictObject({ userName: UserName, password: Password, role: Role })) },
  responses: { 201: json(User, 'The user.'), ...errors },
});

const change = createRoute({
  method: 'patch',
  path: '/{id}',
  tags: ['Users'],
  summary: "Change a user's role or password; a new password ends the user's sign-ins",
  middleware: needs('admin'),
  request: {
    params: IdParam,
    body: body(z.strictObject({ role: Role.optional(), password: Password.optional() })),
  },
  responses: { 200: json(User, 'The user.'), ...errors },
});

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags: ['Users'],
  summary: 'Remove a user',
  middleware: needs('admin'),
  request: { params: IdParam },
  responses: { 200: json(Acknowledgement, 'The user is gone.'), ...errors },
});

const toJson = (user: CoreUser) => ({
  id: user.id,
  userName: user.name,
  role: user.role,
  created: toRfc3339(user.createdAt),
});

const lastAdmin = () =>
  new Fault('LAST_ADMIN', 'This is the last admin.', { hint: 'Make another user an admin first.' });

export const createUserRoutes = (deps: ApiDeps) => {
  const { users } = deps.store;
  const record = createRecorder(deps);

  return createRouter()
    .openapi(list, async (c) => {
      const all = (await users.list()).map(toJson);
      return c.json(pageOfAll(all, c.req.valid('query')), 200);
    })
    .openapi(create, async (c) => {
      const { userName, password, role } = c.req.valid('json');
      const user: CoreUser = { id: newId(), name: userName, role, createdAt: deps.clock() };
      await users.insert(user, await hashPassword(password));
      await record(c, 'user.create', { id: user.id, userName, role });
      return c.json(toJson(user), 201);
    })
    .openapi(change, async (c) => {
      const { role, password } = c.req.valid('json');
      const user = found(await users.find(c.req.valid('param').id), 'user');
      if (role && !(await users.setRole(user.id, role))) throw lastAdmin();
      if (password) await users.setPassword(user.id, await hashPassword(password));
      await record(c, 'user.change', {
        id: user.id,
        userName: user.name,
        role,
        passwordChanged: password !== undefined,
      });
      return c.json(toJson({ ...user, role: role ?? user.role }), 200);
    })
    .openapi(remove, async (c) => {
      const user = found(await users.find(c.req.valid('param').id), 'user');
      if (!(await users.remove(user.id))) throw lastAdmin();
      await record(c, 'user.remove', { id: user.id, userName: user.name });
      return c.json({ responseKey: 'USER_REMOVED', responseMessage: 'The user is removed.' }, 200);
    });
};
