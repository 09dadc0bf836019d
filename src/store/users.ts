import { and, eq, lt, sql } from 'drizzle-orm';
import type { ApiKey, Role, User } from '../core/user';
import { toNameFault } from './faults';
import type { Database } from './open';
import { api_keys, refresh_tokens, users } from './tables';

const toUser = (row: typeof users.$inferSelect): User => ({
  id: row.id,
  name: row.name,
  role: row.role as Role,
  createdAt: row.created_at,
});

const toApiKey = (row: typeof api_keys.$inferSelect): ApiKey => ({
  id: row.id,
  name: row.name,
  role: row.role as Role,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at ?? undefined,
});

export interface RefreshToken {
  signInId: string;
  userId: string;
  expiresAt: number;
  used: boolean;
}

const NOT_LAST_ADMIN = sql`(role <> 'admin' OR (SELECT count(*) FROM users WHERE role = 'admin') > 1)`;

export const createUserQueries = ({ tables, client }: Database) => ({
  /** @throws Fault NAME_TAKEN */
  insert: async (user: User, passwordHash: string, options: { firstPassword?: boolean } = {}): Promise<void> => {
    await tables
      .insert(users)
      .values({
        id: user.id,
        name: user.name,
        role: user.role,
        password_hash: passwordHash,
        first_password: options.firstPassword ?? false,
        created_at: user.createdAt,
      })
      .catch((error) => {
        throw toNameFault(error, user.name);
      });
  },

  list: async (): Promise<User[]> => (await tables.select().from(users).orderBy(users.name)).map(toUser),

  find: async (id: string): Promise<User | undefined> => {
    const row = await tables.query.users.findFirst({ where: eq(users.id, id) });
    return row && toUser(row);
  },

  /** A user with the hash to check a password against. */
  findSecret: async (name: string): Promise<{ user: User; passwordHash: string } | undefined> => {
    const row = await tables.query.users.findFirst({ where: eq(users.name, name) });
    return row && { user: toUser(row), passwordHash: row.password_hash };
  },

  /** The user whose password is still the one that Assay made. */
  findFirst: async (): Promise<User | undefined> => {
    const row = await tables.query.users.findFirst({ where: eq(users.first_password, true) });
    return row && toUser(row);
  },

  /** Changes the password and ends the user's sign-ins. */
  setPassword: async (id: string, passwordHash: string): Promise<void> => {
    await tables.batch([
      tables.update(users).set({ password_hash: passwordHash, first_password: false }).where(eq(users.id, id)),
      tables.delete(refresh_tokens).where(eq(refresh_tokens.user_id, id)),
    ]);
  },

  /** False when it would leave no admin, however many ask at once. */
  setRole: async (id: string, role: Role): Promise<boolean> => {
    const { rowsAffected } = await tables
      .update(users)
      .set({ role })
      .where(and(eq(users.id, id), role === 'admin' ? undefined : NOT_LAST_ADMIN));
    return rowsAffected > 0;
  },

  /** Removes a user with their sign-ins; false when it would leave no admin, however many ask at once. */
  remove: async (id: string): Promise<boolean> => {
    const [removed] = await tables.batch([
      tables.delete(users).where(and(eq(users.id, id), NOT_LAST_ADMIN)),
      tables.delete(refresh_tokens).where(sql`user_id NOT IN (SELECT id FROM users)`),
    ]);
    return removed.rowsAffected > 0;
  },

  insertRefreshToken: async (hash: string, token: Omit<RefreshToken, 'used'>): Promise<void> => {
    await tables
      .insert(refresh_tokens)
      .values({ hash, sign_in_id: token.signInId, user_id: token.userId, expires_at: token.expiresAt });
  },

  findRefreshToken: async (hash: string): Promise<RefreshToken | undefined> => {
    const row = await tables.query.refresh_tokens.findFirst({ where: eq(refresh_tokens.hash, hash) });
    return row && { signInId: row.sign_in_id, userId: row.user_id, expiresAt: row.expires_at, used: row.used };
  },

  /** Marks a refresh token used and keeps the one that follows it, in one transaction; false when it was used before, however many ask at once. */
  rotateRefreshToken: async (hash: string, nextHash: string, expiresAt: number): Promise<boolean> => {
    const results = await client.batch(
      [
        {
          sql: `INSERT INTO refresh_tokens (hash, sign_in_id, user_id, expires_at)
            SELECT :next, sign_in_id, user_id, :expires FROM refresh_tokens WHERE hash = :hash AND used = 0`,
          args: { hash, next: nextHash, expires: expiresAt },
        },
        { sql: 'UPDATE refresh_tokens SET used = 1 WHERE hash = :hash AND used = 0', args: { hash } },
      ],
      'write',
    );
    return (results[1]?.rowsAffected ?? 0) > 0;
  },

  /** The user of a sign-in that has not ended. */
  findSignedIn: async (userId: string, signInId: string): Promise<User | undefined> => {
    const open = sql`EXISTS (SELECT 1 FROM refresh_tokens WHERE sign_in_id = ${signInId} AND user_id = ${users.id})`;
    const row = await tables.query.users.findFirst({ where: and(eq(users.id, userId), open) });
    return row && toUser(row);
  },

  endSignIn: async (signInId: string): Promise<void> => {
    await tables.delete(refresh_tokens).where(eq(refresh_tokens.sign_in_id, signInId));
  },

  removeExpiredTokens: async (now: number): Promise<void> => {
    await tables.delete(refresh_tokens).where(lt(refresh_tokens.expires_at, now));
  },

  insertApiKey: async (key: ApiKey, hash: string): Promise<void> => {
    await tables
      .insert(api_keys)
      .values({ id: key.id, name: key.name, role: key.role, hash, created_at: key.createdAt });
  },

  listApiKeys: async (): Promise<ApiKey[]> =>
    (await tables.select().from(api_keys).orderBy(api_keys.created_at)).map(toApiKey),

  findApiKey: async (hash: string): Promise<ApiKey | undefined> => {
    const row = await tables.query.api_keys.findFirst({ where: eq(api_keys.hash, hash) });
    return row && toApiKey(row);
  },

  touchApiKey: async (id: string, at: number): Promise<void> => {
    await tables.update(api_keys).set({ last_used_at: at }).where(eq(api_keys.id, id));
  },

  /** False when there is none with that id. */
  removeApiKey: async (id: string): Promise<boolean> =>
    (await tables.delete(api_keys).where(eq(api_keys.id, id))).rowsAffected > 0,
});

export type UserQueries = ReturnType<typeof createUserQueries>;
