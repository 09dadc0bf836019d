import { hc, type InferResponseType } from 'hono/client';
import type { Api } from '../../api/api';
import type { Session } from './session';

/** The API, typed by the API itself; what it refuses is thrown as a Refusal. */
export const createClient = ({ fetch }: Pick<Session, 'fetch'>, origin: string) => hc<Api>(origin, { fetch });
export type Client = ReturnType<typeof createClient>['api'];

export type Scan = InferResponseType<Client['scan']['$get'], 200>['entries'][number];
export type ScanDetail = InferResponseType<Client['scan'][':id']['$get'], 200>;
export type ScanFile = InferResponseType<Client['scan'][':id']['files']['$get'], 200>['entries'][number];
export type Preview = InferResponseType<Client['scan'][':id']['reprocess']['preview']['$post'], 200>;
export type Rescan = InferResponseType<Client['rescan']['$get'], 200>['entries'][number];
export type RescanDetail = InferResponseType<Client['rescan'][':id']['$get'], 200>;
export type FileResult = InferResponseType<Client['file'][':id']['$get'], 200>;
export type HistoryEntry = InferResponseType<Client['file'][':id']['history']['$get'], 200>['entries'][number];
export type ArchiveMember = InferResponseType<Client['file'][':id']['members']['$get'], 200>['entries'][number];
export type Storage = InferResponseType<Client['storage']['$get'], 200>['entries'][number];
export type Workflow = InferResponseType<Client['workflow']['$get'], 200>['entries'][number];
export type Revision = InferResponseType<Client['workflow'][':id']['revisions']['$get'], 200>['entries'][number];
export type JudgedReports = InferResponseType<Client['workflow'][':id']['reports']['$get'], 200>;
export type Destination = Revision['definition']['remediation']['blocked']['original']['copyTo'][number];
export type Realtime = InferResponseType<Client['realtime']['$get'], 200>['entries'][number];
export type Quarantined = InferResponseType<Client['quarantine']['$get'], 200>['entries'][number];
export type Engine = InferResponseType<Client['engine']['$get'], 200>['entries'][number];
export type User = InferResponseType<Client['user']['$get'], 200>['entries'][number];
export type ApiKey = InferResponseType<Client['apikey']['$get'], 200>['entries'][number];
export type AuditEntry = InferResponseType<Client['audit']['$get'], 200>['entries'][number];
