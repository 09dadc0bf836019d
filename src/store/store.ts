import { type AuditQueries, createAuditQueries } from './audit';
import { createKnownQueries, type KnownQueries } from './earlier';
import { createFileQueries, type FileQueries } from './files';
import { createMemberQueries, type MemberQueries } from './members';
import { createMovedQueries, type MovedQueries } from './moved';
import { openDatabase } from './open';
import { createQuarantineQueries, type QuarantineQueries } from './quarantine';
import { createRealtimeQueries, type RealtimeQueries } from './realtime';
import { createRemediationQueries, type RemediationQueries } from './remediations';
import { createRescanQueries, type RescanQueries } from './rescans';
import { createScanQueries, type ScanQueries } from './scans';
import type { Seal } from './seal';
import { createStorageQueries, type StorageQueries } from './storages';
import { createUserQueries, type UserQueries } from './users';
import { createWorkQueries, type WorkQueries } from './work';
import { createWorkflowQueries, type WorkflowQueries } from './workflows';

export interface Store {
  scans: ScanQueries;
  files: FileQueries;
  members: MemberQueries;
  known: KnownQueries;
  moved: MovedQueries;
  work: WorkQueries;
  rescans: RescanQueries;
  remediations: RemediationQueries;
  quarantine: QuarantineQueries;
  realtime: RealtimeQueries;
  storages: StorageQueries;
  workflows: WorkflowQueries;
  users: UserQueries;
  audit: AuditQueries;
  close: () => Promise<void>;
}

/**
 * The libSQL store: everything that outlives the daemon.
 * @param url `file:/path/assay.db`, or a remote libSQL server's URL with its token
 * @param seal keeps what is secret
 */
export const openStore = async (url: string, seal: Seal, authToken?: string): Promise<Store> => {
  const database = await openDatabase(url, authToken);
  return {
    scans: createScanQueries(database),
    files: createFileQueries(database),
    members: createMemberQueries(database),
    known: createKnownQueries(database),
    moved: createMovedQueries(database),
    work: createWorkQueries(database),
    rescans: createRescanQueries(database, seal),
    remediations: createRemediationQueries(database),
    quarantine: createQuarantineQueries(database, seal),
    realtime: createRealtimeQueries(database),
    storages: createStorageQueries(database, seal),
    workflows: createWorkflowQueries(database, seal),
    users: createUserQueries(database),
    audit: createAuditQueries(database),
    close: database.close,
  };
};
