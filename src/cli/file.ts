import { type InferResponseType, parseResponse } from 'hono/client';
import { command, daemonOptions } from './command';
import { type Client, connect, entriesOf } from './daemon';
import { getFileId } from './find';
import { localTime, pairs, show, table } from './show';
import { describeVulnerable } from './vulnerable';

type Result = InferResponseType<Client['api']['file'][':id']['$get'], 200>;
type Entry = InferResponseType<Client['api']['file'][':id']['history']['$get'], 200>['entries'][number];

/** What came out, in one sentence. */
export const verdictOf = ({
  state,
  status,
  result,
  why,
}: {
  state: string;
  status?: string;
  result: string;
  why: string;
}) => `${status ?? state}: ${result}.${why ? ` ${why}` : ''}`;

const sentenceOf = (entry: Entry): string =>
  verdictOf({ state: entry.state, status: entry.status, result: entry.scanAllResultA, why: entry.explanation });

/** An engine with its definitions, and when it said so where that was earlier. */
const judgeOf = ({ engId, definitions, answered }: Entry['engines'][number]): string => {
  const known = [definitions?.version, answered && `of ${localTime(answered)}`].filter(Boolean).join(', ');
  return known ? `${engId} (${known})` : engId;
};

type Inside = NonNullable<Result['scanResult']['extractedFiles']>;

/** Members that people are shown unless they ask for more; those that matter most come first. */
const SHOWN = 20;

/** Processings that people are shown, the newest. */
const LATEST = 100;

const describeInside = ({ filesExtractedCount, filesInArchive }: Inside, shown: number) => {
  const rows = filesInArchive
    .slice(0, shown)
    .map((member) => [
      member.displayName,
      member.scanAllResultA,
      `${member.fileSize} bytes`,
      member.fileTypeDescription,
    ]);
  const more = filesExtractedCount - rows.length;
  return [
    table(['INSIDE', 'RESULT', 'SIZE', 'TYPE'], rows),
    ...(more > 0 ? [`and ${more} more; --members ${filesExtractedCount} shows all`] : []),
  ];
};

const describeSensitive = ({ hits = {} }: Result['scanResult']['dlpInfo']) => {
  const types = Object.values(hits);
  const all = types.flatMap(({ display_name, hits }) => hits.map((hit) => ({ display_name, ...hit })));
  const rows = all
    .slice(0, SHOWN)
    .map(({ display_name, certainty, certainty_score, before, hit, after, path }) => [
      display_name,
      `${certainty} (${certainty_score})`,
      `${before}${hit}${after}`.trim(),
      path,
    ]);
  const more = types.reduce((sum, { count }) => sum + count, 0) - rows.length;
  return [
    table(['SENSITIVE DATA', 'CERTAINTY', 'WHAT', 'WHERE'], rows),
    ...(more > 0 ? [`and ${more} more; --json shows those that are kept`] : []),
  ];
};

const whereOf = ({ location }: Result): string | undefined => {
  switch (location?.is) {
    case undefined:
      return undefined;
    case 'moved':
      return `moved to ${location.path}`;
    case 'quarantined':
      return `in quarantine, as ${location.quarantineId}`;
    case 'deleted':
      return 'deleted';
  }
};

const describeHistory = (history: Entry[]) => {
  const rows = history
    .slice(0, LATEST)
    .map((entry) => [
      localTime(entry.finished),
      entry.reason,
      entry.attempts,
      `${entry.workflow.name} revision ${entry.workflow.revision}`,
      entry.engines.map(judgeOf).join('; '),
      entry.detections.join(', '),
      sentenceOf(entry),
    ]);
  const more = history.length - rows.length;
  return [
    table(['WHEN', 'WHY', 'ATTEMPTS', 'WORKFLOW', 'ENGINES', 'DETECTIONS', 'VERDICT'], rows),
    ...(more > 0 ? [`and ${more} earlier; --json shows all`] : []),
  ];
};

const describe = (file: Result, history: Entry[], shown: number): string => {
  const [latest] = history;
  const { fileInfo } = file.scanResult;
  const parts = [
    pairs({
      File: file.path,
      Id: file.id,
      Verdict: latest ? sentenceOf(latest) : file.state,
      Now: file.state === 'InProgress' && latest ? 'being looked into again' : undefined,
      Where: whereOf(file),
      Remediation: file.state === 'FailedRemediation' ? `failed: ${file.exceptionDetails}` : undefined,
      Detections: file.detections.join(', '),
      Type: fileInfo.fileTypeDescription,
      Size: `${file.size} bytes`,
      SHA256: fileInfo.sha256,
      Storage: file.storageName,
      Scan: `${file.scanName} ${file.scanId}`,
      Workflow: `${file.workflow.name} revision ${file.workflow.revision}`,
    }),
  ];
  if (latest && latest.engines.length > 0) {
    const rows = latest.engines.map(({ engineName, status, threatFound, reason, definitions, scanTime, answered }) => [
      engineName,
      status,
      threatFound || reason,
      answered === undefined ? `${Math.round(scanTime)} ms` : `used again, of ${localTime(answered)}`,
      definitions?.version,
    ]);
    parts.push('', table(['ENGINE', 'SAID', 'WHAT', 'TOOK', 'DEFINITIONS'], rows));
  }
  parts.push(...describeVulnerable(file));
  const { dlpInfo, extractedFiles: inside } = file.scanResult;
  if (dlpInfo.hits !== undefined) parts.push('', ...describeSensitive(dlpInfo));
  if (inside !== undefined) parts.push('', ...describeInside(inside, shown));
  if (file.remediation.length > 0) {
    const rows = file.remediation.map(({ created, ended, action, state, path, error }) => [
      localTime(ended ?? created),
      action,
      state,
      error ?? path,
    ]);
    parts.push('', table(['WHEN', 'ACT', 'STATE', 'WHERE, OR WHY NOT'], rows));
  }
  if (history.length > 0) parts.push('', ...describeHistory(history));
  return parts.join('\n');
};

/** `assay file`: one file's result and how it came about. */
export const file = command(
  'file <file>',
  'Show the result of a file, why it is so, and its history',
  (args) =>
    daemonOptions(args)
      .positional('file', { type: 'string', demandOption: true, describe: "A file's id, or its path" })
      .option('members', { type: 'number', describe: `How many of the files in it, ${SHOWN} unless told` })
      .example('$0 file /srv/uploads/offer.pdf', 'Why was it blocked?'),
  async (args) => {
    const { client } = connect(args);
    const id = await getFileId(client, args.file);
    const result = await parseResponse(client.api.file[':id'].$get({ param: { id } }));
    const processings = (query: { limit: string; cursor?: string }) =>
      parseResponse(client.api.file[':id'].history.$get({ param: { id }, query }));
    const history = await Array.fromAsync(entriesOf(processings));
    const inside = result.scanResult.extractedFiles;
    if (inside !== undefined && args.members !== undefined) {
      const page = (query: { limit: string; cursor?: string }) =>
        parseResponse(client.api.file[':id'].members.$get({ param: { id }, query }));
      inside.filesInArchive = await Array.fromAsync(entriesOf(page, args.members));
    }
    show(args, { ...result, history }, () => describe(result, history, args.members ?? SHOWN));
  },
);
