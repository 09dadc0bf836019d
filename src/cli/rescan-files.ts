import { parseResponse } from 'hono/client';
import { verdictOf } from './file';
import { getFileId, getWorkflowId } from './find';
import { print, printJson } from './output';
import type { Rescanner } from './rescan-over';
import { printable, safe } from './safe';

/** A file after it was looked into again. */
interface Rescanned {
  fileId: string;
  path: string;
  state: string;
  status?: string;
  scanAllResultI: number;
  scanAllResultA: string;
  detections: string[];
  explanation: string;
}

const resultOf = async ({ client }: Rescanner, id: string): Promise<Rescanned> => {
  const { path } = await parseResponse(client.api.file[':id'].$get({ param: { id } }));
  const history = client.api.file[':id'].history.$get({ param: { id }, query: { limit: '1' } });
  const [latest] = (await parseResponse(history)).entries;
  if (latest === undefined) throw new Error(`file ${id} has no processing`);
  const { state, status, scanAllResultI, scanAllResultA, detections, explanation } = latest;
  return { fileId: id, path, state, status, scanAllResultI, scanAllResultA, detections, explanation };
};

const lineOf = (file: Rescanned): string => {
  const why = file.explanation;
  return `${safe(file.path)}: ${printable(verdictOf({ ...file, result: file.scanAllResultA, why }))}`;
};

/** 1 when one is Blocked, 2 when one has no verdict, else 0. */
const exitCodeOf = (files: Rescanned[]): number => {
  if (files.some(({ status }) => status === 'Blocked')) return 1;
  return files.every(({ status }) => status === 'Allowed') ? 0 : 2;
};

export interface FilesArguments {
  files: string[];
  workflow?: string;
  passwords: string[];
  wait?: boolean;
  json?: boolean;
}

/** Looks again at the files that ids or paths name. */
export const rescanFiles = async (
  rescanner: Rescanner,
  { files, workflow, passwords, wait, json }: FilesArguments,
): Promise<void> => {
  const { client } = rescanner;
  const named: string[] = [];
  for (const word of files) named.push(await getFileId(client, word));
  const wish = { fileIds: named, workflowId: await getWorkflowId(client, workflow), passwords };
  const { rescanId, fileIds = named } = await parseResponse(client.api.file.ondemandscan.$post({ json: wish }));
  if (!wait && !rescanner.here) {
    if (json) printJson({ rescanId, fileIds });
    else print(`Rescan ${rescanId} of ${fileIds.length} files has started.`);
    return;
  }
  await rescanner.ended(rescanId);
  const results: Rescanned[] = [];
  for (const id of fileIds) results.push(await resultOf(rescanner, id));
  if (json) printJson({ rescanId, files: results });
  else print(results.map(lineOf).join('\n'));
  process.exitCode = exitCodeOf(results);
};
