import { toRfc3339 } from '../core/clock';
import { type FileRecord, nameOf } from '../core/file';
import { type Detection, type FileState, RESULTS, type Status } from '../core/result';
import type { Store } from '../store/store';

/** A file of a scan as it leaves the program, in lists and in reports. */
export interface Entry {
  id: string;
  name: string;
  path: string;
  size: number;
  created: string;
  state: FileState;
  /** Of the latest finished processing, also while another one is due. */
  status?: Status;
  scanAllResultI: number;
  scanAllResultA: string;
  detections: Detection[];
  blockedReason?: string;
  /** Why there is no verdict, or why its remediation failed. */
  exceptionDetails?: string;
  /** When the latest processing ended. */
  processed?: string;
  /** The workflow of the latest processing. */
  workflow?: { id: string; name: string; revision: number };
}

type EntryStore = Pick<Store, 'files' | 'workflows' | 'remediations'>;

/** Makes entries of files. What it looked up about workflows it keeps, so make one for each request. */
export const createEntries = ({ files, workflows, remediations }: EntryStore) => {
  const names = new Map<string, string>();
  const nameOfWorkflow = async (id: string, revision: number): Promise<string> => {
    const key = `${id} ${revision}`;
    const name = names.get(key) ?? (await workflows.findRevision(id, revision))?.name ?? '';
    names.set(key, name);
    return name;
  };
  const workflowOf = async (id: string | undefined, revision: number | undefined) =>
    id === undefined || revision === undefined ? undefined : { id, name: await nameOfWorkflow(id, revision), revision };

  return async (records: FileRecord[]): Promise<Entry[]> => {
    const processingsOf = (some: FileRecord[]) => some.flatMap(({ processingId }) => processingId ?? []);
    const explained = await files.explain(processingsOf(records));
    const unremedied = records.filter(({ state }) => state === 'FailedRemediation');
    const failures = unremedied.length === 0 ? undefined : await remediations.failuresOf(processingsOf(unremedied));
    const entries: Entry[] = [];
    for (const file of records) {
      const { explanation, workflowRevision } = explained.get(file.processingId ?? '') ?? {};
      const code = file.state === 'InProgress' ? 255 : file.resultCode;
      const blocked = file.status === 'Blocked';
      entries.push({
        id: file.id,
        name: nameOf(file.path),
        path: file.path,
        size: file.size,
        created: toRfc3339(file.createdAt),
        state: file.state,
        status: file.status,
        scanAllResultI: code,
        scanAllResultA: RESULTS[code],
        detections: file.detections,
        blockedReason: blocked ? explanation || RESULTS[code] : undefined,
        exceptionDetails: failures?.get(file.processingId ?? '') ?? (blocked ? undefined : explanation || undefined),
        processed: file.processedAt === undefined ? undefined : toRfc3339(file.processedAt),
        workflow: await workflowOf(file.workflowId, workflowRevision),
      });
    }
    return entries;
  };
};
