import { parseResponse } from 'hono/client';
import { Fault } from '../core/fault';
import { whyWords } from '../core/result';
import { MOST_FILES } from '../core/scan';
import { entriesOf } from './daemon';
import { verdictOf } from './file';
import { getFileId, getWorkflowId } from './find';
import { print, printJson } from './output';
import type { Rescanner } from './rescan-over';
import { printable, safe } from './safe';
import { filesWords } from './show';

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

/** A file that was not: another processing held it, or the rescan was canceled before. */
interface LeftOut {
  fileId: string;
  path: string;
  state: 'InProgress' | 'Canceled';
  status?: undefined;
  explanation: string;
}

const leftOut = async ({ client }: Rescanner, id: string, state: LeftOut['state'], why: string): Promise<LeftOut> => {
  const { path } = await parseResponse(client.api.file[':id'].$get({ param: { id } }));
  return { fileId: id, path, state, explanation: why };
};

/** What a rescan found about a file, whatever came after it. */
const resultOf = async (rescanner: Rescanner, rescanId: string, id: string): Promise<Rescanned | LeftOut> => {
  const { client } = rescanner;
  const page = (query: { limit: string; cursor?: string }) =>
    parseResponse(client.api.file[':id'].history.$get({ param: { id }, query }));
  for await (const entry of entriesOf(page)) {
    if (entry.rescanId !== rescanId) continue;
    const file = await parseResponse(client.api.file[':id'].$get({ param: { id } }));
    const { status, scanAllResultI, scanAllResultA, detections } = entry;
    // What its verdict led to is told of the file.
    const failed = file.rescanId === rescanId && file.state === 'FailedRemediation';
    const state = failed ? file.state : entry.state;
    const explanation = whyWords({
      state,
      blockedReason: entry.explanation || undefined,
      exceptionDetails: failed ? file.exceptionDetails : undefined,
    });
    return { fileId: id, path: file.path, state, status, scanAllResultI, scanAllResultA, detections, explanation };
  }
  return leftOut(rescanner, id, 'Canceled', 'The rescan was canceled before it came to it.');
};

const lineOf = (file: Rescanned | LeftOut): string => {
  const why = file.explanation;
  const result = 'scanAllResultA' in file ? file.scanAllResultA : 'Not looked into again';
  return `${safe(file.path)}: ${printable(verdictOf({ ...file, result, why }))}`;
};

/** 1 when one is Blocked, 2 when one has no verdict or its remediation failed, else 0. */
const exitCodeOf = (files: (Rescanned | LeftOut)[]): number => {
  if (files.some(({ status }) => status === 'Blocked')) return 1;
  return files.every(({ state, status }) => status === 'Allowed' && state === 'Available') ? 0 : 2;
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
  if (files.length > MOST_FILES) {
    throw new Fault('BAD_REQUEST', `These are ${files.length} files; ${MOST_FILES} are taken at the most.`, {
      hint: 'Look again at their report, "assay rescan --scan ID", or at fewer files at once.',
    });
  }
  const named: string[] = [];
  for (const word of files) named.push(await getFileId(client, word));
  const wish = { fileIds: named, workflowId: await getWorkflowId(client, workflow), passwords };
  const { rescanId, fileIds = named } = await parseResponse(client.api.file.ondemandscan.$post({ json: wish }));
  const held: LeftOut[] = [];
  for (const id of new Set(named).difference(new Set(fileIds)))
    held.push(await leftOut(rescanner, id, 'InProgress', 'Another processing held it.'));
  if (!wait && !rescanner.here) {
    if (json) printJson({ rescanId, fileIds });
    else print([`Rescan ${rescanId} of ${filesWords(fileIds.length)} has started.`, ...held.map(lineOf)].join('\n'));
    return;
  }
  await rescanner.ended(rescanId);
  const results: (Rescanned | LeftOut)[] = [];
  for (const id of fileIds) results.push(await resultOf(rescanner, rescanId, id));
  results.push(...held);
  if (json) printJson({ rescanId, files: results });
  else print(results.map(lineOf).join('\n'));
  process.exitCode = exitCodeOf(results);
};
