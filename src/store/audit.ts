import type { InStatement } from '@libsql/client';
import { desc, lt } from 'drizzle-orm';
import { newId } from '../core/id';
import type { Database } from './open';
import { audit } from './tables';

export interface AuditEntry {
  id: string;
  at: number;
  actor: string;
  action: string;
  detail: { [key: string]: unknown };
}

/** The statement that writes down who did what, for the transaction that keeps what was done. Never give it a secret. */
export const auditStatement = (
  actor: string,
  action: string,
  detail: AuditEntry['detail'],
  at: number,
): InStatement => ({
  sql: 'INSERT INTO audit (id, at, actor, action, detail) VALUES (:id, :at, :actor, :action, :detail)',
  args: { id: newId(), at, actor, action, detail: JSON.stringify(detail) },
});

export const createAuditQueries = ({ tables }: Database) => ({
  /** Writes down who did what. Never give it a secret. */
  append: async (actor: string, action: string, detail: AuditEntry['detail'], at: number): Promise<void> => {
    await tables.insert(audit).values({ id: newId(), at, actor, action, detail: JSON.stringify(detail) });
  },

  /** Newest first; `before` is the id that ended the page before. */
  list: async (filter: { before?: string; limit: number }): Promise<AuditEntry[]> => {
    const rows = await tables
      .select()
      .from(audit)
      .where(filter.before ? lt(audit.id, filter.before) : undefined)
      .orderBy(desc(audit.id))
      .limit(filter.limit);
    return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as AuditEntry['detail'] }));
  },

  count: async (): Promise<number> => tables.$count(audit),
});

export type AuditQueries = ReturnType<typeof createAuditQueries>;
