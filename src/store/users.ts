import { and, eq, lt } from 'drizzle-orm';
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

export const createUserQueries = ({ tables }: Database) => ({
  /** @throws Fault NAME_TAKEN */
  insert: async (user: User, passwordHash: string): Promise<void> => {
    await tables
      .insert(users)
      .values({
        id: user.id,
        name: user.name,
        role: user.role,
        password_hash: passwordHash,
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

  setPassword: async (id: string, passwordHash: string): Promise<void> => {
    await tables.update(users).set({ password_hash: passwordHash }).where(eq(users.id, id));
    await tables.delete(refresh_tokens).where(eq(refresh_tokens.user_id, id));
  },

  setRole: async (id: string, role: Role): Promise<void> => {
    await tables.update(users).set({ role }).where(eq(users.id, id));
  },

  remove: async (id: string): Promise<void> => {
    await tables.delete(users).where(eq(users.id, id));
    await tables.delete(refresh_tokens).where(eq(refresh_tokens.user_id, id));
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

  /** Marks a refresh token used; false when it was used before, however many ask at once. */
  useRefreshToken: async (hash: string): Promise<boolean> => {
    const { rowsAffected } = await tables
      .update(refresh_tokens)
      .set({ used: true })
      .where(and(eq(refresh_tokens.hash, hash), eq(refresh_tokens.used, false)));
    return rowsAffected > 0;
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
