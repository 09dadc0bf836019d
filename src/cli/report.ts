import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseResponse } from 'hono/client';
import { CHANGES, type Change } from '../core/change';
import { Fault } from '../core/fault';
import { statusWords, whyWords } from '../core/result';
import { command, daemonOptions } from './command';
import { type Client, connect, entriesOf } from './daemon';
import { filterOptions, toFilter } from './filter';
import { print, READER_GONE, writeAll, writeOut } from './output';
import { showRescan } from './rescan-report';
import { printable, safe } from './safe';
import { localTime } from './show';

type Filter = Awaited<ReturnType<typeof toFilter>> & { rescanId?: string; change?: Change };
type Format = 'json' | 'csv' | 'pdf';

const line = (status: string, result: string, when: string, path: string, why: string): string =>
  `${status.padEnd(26)}  ${result.padEnd(31)}  ${when.padEnd(19)}  ${path}${why && `  ${why}`}`;

/** Prints a line a file as they come: their columns are as wide as their widest word can be, and the path stands last. */
const printTable = async (client: Client, id: string, filter: Filter): Promise<void> => {
  const page = (query: { limit: string; cursor?: string }) =>
    parseResponse(client.api.scan[':id'].files.$get({ param: { id }, query: { ...query, ...filter } }));
  const head = line('STATUS', 'RESULT', 'WHEN', 'PATH', '');
  let begun = false;
  for await (const file of entriesOf(page)) {
    if (!begun) print(head);
    begun = true;
    const why = printable(whyWords(file));
    const when = localTime(file.processed);
    print(line(statusWords(file), file.scanAllResultA, when, safe(file.path), why && `(${why})`));
  }
  // Only once it is known that there is such a report.
  if (!begun) print(head);
};

/** Writes what comes, waiting for a slow reader. */
const copy = async (body: ReadableStream<Uint8Array>, write: (part: Uint8Array) => void): Promise<void> => {
  try {
    for await (const part of body) write(part);
  } catch (cause) {
    throw new Fault('NO_DAEMON', 'The report broke off before its end.', {
      hint: 'Look in the log of the daemon: "journalctl -u assay", and ask again.',
      cause,
    });
  }
};

const cannotWrite = (file: string, cause: unknown): Fault =>
  new Fault('NOT_POSSIBLE', `${safe(file)} cannot be written: ${(cause as { code?: string }).code}.`, { cause });

/** Writes a file that has its name only when it is whole. */
const save = async (body: ReadableStream<Uint8Array>, file: string): Promise<void> => {
  const part = join(dirname(file), `.assay-report-${process.pid}.part`);
  let fd: number;
  try {
    fd = openSync(part, 'wx');
  } catch (error) {
    await body.cancel();
    throw cannotWrite(file, error);
  }
  try {
    await copy(body, (bytes) => {
      try {
        writeAll(fd, bytes);
      } catch (error) {
        throw cannotWrite(file, error);
      }
    });
    closeSync(fd);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
};

const refuseTerminal = (): never => {
  throw new Fault('BAD_REQUEST', 'A PDF is not for a terminal.', {
    hint: 'Name a file with "-o report.pdf", or send it into a pipe.',
  });
};

/** What a rescan changed, or all files that it changed in one way, a line a file. */
const printRescan = async (client: Client, id: string, change: Change | undefined, json?: boolean): Promise<void> => {
  if (change === undefined) {
    await showRescan({ client }, id, json);
    return;
  }
  const page = (query: { limit: string; cursor?: string }) =>
    parseResponse(client.api.rescan[':id'].files.$get({ param: { id }, query: { ...query, change } }));
  for await (const file of entriesOf(page)) print(json ? JSON.stringify(file) : `${file.id}\t${safe(file.path)}`);
};

/** What shows files rather than what a rescan came to. */
const OF_FILES = ['id', 'format', 'output', 'status', 'detection', 'workflow', 'from', 'to', 'search', 'sort'];

const wantsReport = (args: { [option: string]: unknown }): boolean =>
  OF_FILES.some((option) => args[option] !== undefined);

/** The scan whose report a rescan was of. */
const getScanOf = async (client: Client, rescanId: string): Promise<string> => {
  const { scanId } = await parseResponse(client.api.rescan[':id'].$get({ param: { id: rescanId } }));
  if (scanId !== undefined) return scanId;
  throw new Fault('BAD_REQUEST', 'The rescan was of named files, which may be of several reports.', {
    hint: 'Give the id of one of their scans, too: "assay report SCAN-ID --rescan ID".',
  });
};

/** `assay report`: a scan's report, for people, for programs, or as a file to keep. */
export const report = command(
  'report [id]',
  'Export the report of a scan, or say what a rescan changed',
  (args) =>
    filterOptions(daemonOptions(args))
      .positional('id', { type: 'string', describe: "The scan's id" })
      .option('rescan', {
        type: 'string',
        requiresArg: true,
        describe: 'What a rescan changed, by its id; with a format or a filter, the files that it looked into',
      })
      .option('change', { choices: CHANGES, describe: 'All files that the rescan, or any, changed in this way' })
      .option('format', { choices: ['table', 'json', 'csv', 'pdf'] as const, describe: 'How; a table by default' })
      .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: 'The file to write' })
      .example('$0 report 019ab3c2-… --status Blocked', 'See what was blocked')
      .example('$0 report 019ab3c2-… --format pdf -o report.pdf', 'Keep it')
      .example('$0 report --rescan 019ab3d0-… --change blockedToAllowed', 'See what was a false positive')
      .example('$0 report --rescan 019ab3d0-… --format csv -o rescan.csv', 'Keep what it looked into'),
  async (args) => {
    const { rescan, change } = args;
    if (rescan !== undefined && !wantsReport(args)) return printRescan(connect(args).client, rescan, change, args.json);
    if (args.id === undefined && rescan === undefined) {
      throw new Fault('BAD_REQUEST', 'No report is named.', { hint: 'Give the id of a scan, or "--rescan ID".' });
    }
    const format: Format | 'table' = args.format ?? (args.json ? 'json' : 'table');
    const file = args.output === '-' ? undefined : args.output;
    if (format === 'table' && file !== undefined) {
      throw new Fault('BAD_REQUEST', 'A table is for the terminal.', { hint: 'Add --format json, csv or pdf.' });
    }
    if (format === 'pdf' && file === undefined && process.stdout.isTTY) refuseTerminal();
    const { client } = connect(args);
    const id = args.id ?? (await getScanOf(client, rescan ?? ''));
    const filter = { ...(await toFilter(client, args)), rescanId: rescan, change };
    if (format === 'table') return printTable(client, id, filter);
    const { body } = await client.api.scan[':id'].report.$get({
      param: { id },
      query: { ...filter, format },
    });
    if (body === null) throw new Error('the daemon sent no report');
    if (file !== undefined) return save(body, file);
    await copy(body, (bytes) => {
      if (!writeOut(bytes)) process.exit(READER_GONE);
    });
  },
);
