import { parseResponse } from 'hono/client';
import { Fault } from '../core/fault';
import { command, daemonOptions, group } from './command';
import { connect } from './daemon';
import { ageOf, localTime, show, table } from './show';

const list = command(
  ['list', '$0'],
  'List the engines with their definitions',
  (args) => daemonOptions(args).example('$0 engines', 'See how old the definitions are'),
  async (args) => {
    const { entries } = await parseResponse(connect(args).client.api.engine.$get({ query: {} }));
    show(args, entries, () =>
      table(
        ['ID', 'NAME', 'STATE', 'DEFINITIONS', 'MADE', 'AGE', 'FINDS'],
        entries.map(({ id, name, state, reason, definitions, finds }) => [
          id,
          name,
          state,
          reason ?? definitions?.version,
          localTime(definitions?.date),
          ageOf(definitions?.age),
          finds.join(', '),
        ]),
      ),
    );
  },
);

const reload = command(
  'reload [id]',
  'Open the engines anew, so that they read their rules again; scans go on meanwhile',
  (args) =>
    daemonOptions(args)
      .positional('id', { type: 'string', describe: 'An engine; all of them without' })
      .example('$0 engines reload', 'Take up changed rules'),
  async (args) => {
    const { client } = connect(args);
    // All engines live in one process, so that opening one anew opens them all.
    const id = args.id ?? (await parseResponse(client.api.engine.$get({ query: { limit: '1' } }))).entries[0]?.id;
    if (id === undefined) throw new Fault('NOT_FOUND', 'No engine runs.', { hint: 'Name one in the configuration.' });
    const answer = await parseResponse(client.api.engine[':id'].reload.$post({ param: { id } }));
    show(args, answer, () => (args.id === undefined ? 'The engines are open anew.' : answer.responseMessage));
  },
);

/** `assay engines`: who looks into files. */
export const engines = group('engines', 'List the engines, or open them anew', [list, reload]);
