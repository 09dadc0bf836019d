import { type InferResponseType, parseResponse } from 'hono/client';
import { command, daemonOptions } from './command';
import { type Client, connect, entriesOf } from './daemon';
import { choiceOf, type Rescan } from './rescans';
import { ageOf, pairs, show, table } from './show';
import { waitingWords } from './waiting';

type Api = Client['api'];
type Scan = InferResponseType<Api['scan']['$get'], 200>['entries'][number];
type Engine = InferResponseType<Api['engine']['$get'], 200>['entries'][number];

const STATES = ['running', 'paused'] as const;

const readActive = async <T>(
  read: (query: { state: (typeof STATES)[number]; limit: string; cursor?: string }) => Promise<{
    entries: T[];
    nextCursor: string | null;
  }>,
): Promise<T[]> => {
  const active: T[] = [];
  for (const state of STATES) {
    for await (const one of entriesOf((query) => read({ ...query, state }))) active.push(one);
  }
  return active;
};

const stateOf = ({ state, waiting }: Scan | Rescan): string => (waiting === undefined ? state : `${state}, waiting`);

const tableOfEngines = (engines: Engine[]): string =>
  table(
    ['ENGINE', 'STATE', 'DEFINITIONS', 'AGE'],
    engines.map(({ name, state, definitions, reason }) => [
      name,
      state,
      reason ?? definitions?.version,
      ageOf(definitions?.age),
    ]),
  );

const tableOfScans = (scans: Scan[]): string =>
  table(
    ['SCAN', 'NAME', 'STATE', 'DONE', 'FILES', 'BLOCKED', 'FAILED'],
    scans.map((scan) => [
      scan.id,
      scan.name,
      stateOf(scan),
      `${scan.progress.percent} %`,
      scan.counts.total,
      scan.counts.blocked,
      scan.counts.failed,
    ]),
  );

const tableOfRescans = (rescans: Rescan[]): string =>
  table(
    ['RESCAN', 'STATE', 'DONE', 'FILES', 'WHICH'],
    rescans.map((rescan) => [
      rescan.id,
      stateOf(rescan),
      `${rescan.progress.percent} %`,
      rescan.progress.total,
      choiceOf(rescan),
    ]),
  );

/** What waits for a storage, a paragraph each. */
const waits = (named: { name: string; waiting?: Scan['waiting'] }[]): string[] =>
  named.flatMap(({ name, waiting }) => (waiting === undefined ? [] : ['', `${name} waits ${waitingWords(waiting)}`]));

/** `assay status`: whether the daemon is up, and what it is doing. */
export const status = command(
  'status',
  'Show whether the daemon runs, and what it does',
  (args) => daemonOptions(args).example('$0 status', 'See what runs'),
  async (args) => {
    const { client, socket } = connect(args);
    const { version, ready, responseMessage } = await (await client.api.health.$get()).json();
    const [{ entries: engines }, scans, rescans] = await Promise.all([
      parseResponse(client.api.engine.$get({ query: {} })),
      readActive((query) => parseResponse(client.api.scan.$get({ query }))),
      readActive((query) => parseResponse(client.api.rescan.$get({ query }))),
    ]);
    const queue = [
      ...scans.map(({ counts }) => counts.pending),
      ...rescans.map(({ progress }) => progress.total - progress.done),
    ].reduce((sum, pending) => sum + pending, 0);
    show(args, { version, ready, socket, queue, scans, rescans, engines }, () =>
      [
        pairs({ Assay: `${version}, ${responseMessage}`, Socket: socket, Queue: `${queue} files` }),
        '',
        tableOfEngines(engines),
        '',
        scans.length === 0 ? 'No scan runs.' : tableOfScans(scans),
        '',
        rescans.length === 0 ? 'No rescan runs.' : tableOfRescans(rescans),
        ...waits([...scans, ...rescans.map(({ id, waiting }) => ({ name: `The rescan ${id}`, waiting }))]),
      ].join('\n'),
    );
  },
);
