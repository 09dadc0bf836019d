import { parseResponse } from 'hono/client';
import { command, daemonOptions } from './command';
import { connect } from './daemon';
import { ageOf, pairs, show, table } from './show';
import { waitingWords } from './waiting';

/** `assay status`: whether the daemon is up, and what it is doing. */
export const status = command(
  'status',
  'Show whether the daemon runs, and what it does',
  (args) => daemonOptions(args).example('$0 status', 'See what runs'),
  async (args) => {
    const { client, socket } = connect(args);
    const health = await (await client.api.health.$get()).json();
    const [running, paused, engines] = await Promise.all([
      parseResponse(client.api.scan.$get({ query: { state: 'running' } })),
      parseResponse(client.api.scan.$get({ query: { state: 'paused' } })),
      parseResponse(client.api.engine.$get({ query: {} })),
    ]);
    const scans = [...running.entries, ...paused.entries];
    const queue = scans.reduce((sum, { counts }) => sum + counts.pending, 0);
    const value = { version: health.version, ready: health.ready, socket, queue, scans, engines: engines.entries };
    show(args, value, () =>
      [
        pairs({ Assay: `${health.version}, ${health.responseMessage}`, Socket: socket, Queue: `${queue} files` }),
        '',
        table(
          ['ENGINE', 'STATE', 'DEFINITIONS', 'AGE'],
          engines.entries.map(({ name, state, definitions, reason }) => [
            name,
            state,
            reason ?? definitions?.version,
            ageOf(definitions?.age),
          ]),
        ),
        '',
        scans.length === 0
          ? 'No scan runs.'
          : table(
              ['SCAN', 'NAME', 'STATE', 'DONE', 'FILES', 'BLOCKED', 'FAILED'],
              scans.map(({ id, name, state, progress, counts, waiting }) => [
                id,
                name,
                waiting === undefined ? state : `${state}, waiting`,
                `${progress.percent} %`,
                counts.total,
                counts.blocked,
                counts.failed,
              ]),
            ),
        ...scans.flatMap(({ name, waiting }) =>
          waiting === undefined ? [] : `\n${name} waits ${waitingWords(waiting)}`,
        ),
      ].join('\n'),
    );
  },
);
