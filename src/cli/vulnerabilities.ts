import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { About } from '../../plugins/vulnerabilities/database/format';
import type { Imported } from '../../plugins/vulnerabilities/database/import';
import { Fault } from '../core/fault';
import { command, type DaemonArguments, daemonOptions, group } from './command';
import { connect, daemonConfig } from './daemon';
import { tell } from './output';
import { startProgress } from './progress';
import { ageOf, localTime, pairs, show } from './show';

const databaseOf = async (args: DaemonArguments): Promise<string> => {
  const { vulnerabilityDatabase } = await import('../daemon/options');
  return vulnerabilityDatabase(daemonConfig(args));
};

const pathsOf = (given: string[]): string[] =>
  given.map((word) => {
    const path = resolve(word);
    if (existsSync(path)) return path;
    throw new Fault('NOT_FOUND', `There is no ${path}.`, { hint: 'Name a folder or a zip of records of OSV.' });
  });

/** What the system says when a file cannot be read or written; anything else is a bug. */
const toFault = (error: unknown, database: string): unknown => {
  const { syscall, code, message } = error as { syscall?: string; code?: string; message?: string };
  if (syscall === undefined && code !== 'DAMAGED_ZIP' && !code?.startsWith('SQLITE_')) return error;
  return new Fault('NOT_POSSIBLE', `The records were not imported into ${database}: ${message}.`, {
    hint: 'What was there before is still in force. Check that you may read the records, and write that folder.',
    cause: error,
  });
};

const describeImported = ({ records, withdrawn, leftOut, malformed, firstMalformed, modified }: Imported): string =>
  pairs({
    Records: records,
    'Newest change': localTime(modified),
    Withdrawn: withdrawn || undefined,
    'About other software': leftOut || undefined,
    'No records': malformed === 0 ? undefined : `${malformed}, the first is ${firstMalformed}`,
  });

/** Has the daemon, where one runs, take the records up, and says what came of it. */
const takeUp = async (args: DaemonArguments): Promise<void> => {
  try {
    await connect(args).client.api.engine[':id'].reload.$post({ param: { id: 'vulnerabilities' } });
    tell('assay: the daemon takes the records up now');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'NO_DAEMON') return;
    if (error.code === 'NOT_FOUND') tell('assay: the daemon runs without them: name "vulnerabilities" under "engines"');
    else tell(`assay: "assay engines reload" has the daemon take them up; now it did not: ${error.message}`);
  }
};

const importing = command(
  'import <path..>',
  'Import records of OSV, in the place of those that are there',
  (args) =>
    daemonOptions(args)
      .positional('path', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: "Folders, zips and files in OSV's own JSON",
      })
      .example('$0 vulnerabilities import all.zip', 'Import what OSV publishes')
      .example('$0 vulnerabilities import Maven.zip npm.zip', 'Import some ecosystems'),
  async (args) => {
    const { importRecords } = await import('../../plugins/vulnerabilities/database/import');
    const database = await databaseOf(args);
    const paths = pathsOf(args.path);
    let read = 0;
    const progress = startProgress(() => `${read} records`);
    const { imported, malformed, firstMalformed } = await importRecords(paths, database, (records) => {
      read = records;
    })
      .catch((error: unknown) => {
        throw toFault(error, database);
      })
      .finally(progress.stop);
    if (imported === undefined) {
      const what = malformed === 0 ? 'It holds none' : `${firstMalformed} is none`;
      throw new Fault('NOT_POSSIBLE', `There are no records of OSV to import. ${what}.`, {
        hint: 'Name a folder or a zip of JSON files as OSV publishes them; what was imported before is still in force.',
      });
    }
    show(args, { database, ...imported }, () => describeImported(imported));
    await takeUp(args);
  },
);

const aboutOf = async (database: string): Promise<About> => {
  const { openVulnerabilities } = await import('../../plugins/vulnerabilities/database/open');
  try {
    const opened = openVulnerabilities(database);
    opened.close();
    return opened.about;
  } catch (cause) {
    throw new Fault('NOT_POSSIBLE', (cause as Error).message, { cause });
  }
};

const status = command(
  ['status', '$0'],
  'Show what was imported, and how old it is',
  (args) => daemonOptions(args).example('$0 vulnerabilities', 'See how old the records are'),
  async (args) => {
    const database = await databaseOf(args);
    if (!existsSync(database)) {
      throw new Fault('NOT_FOUND', `There is no vulnerability database in ${database}.`, {
        hint: 'Import one with "assay vulnerabilities import PATH".',
      });
    }
    const about = await aboutOf(database);
    const { records, modified, imported, ecosystems, digest } = about;
    show(args, { database, ...about }, () =>
      pairs({
        Database: database,
        Records: records,
        'Newest change': `${localTime(modified)}, ${ageOf(Date.now() - Date.parse(modified ?? imported))} ago`,
        Imported: `${localTime(imported)}, ${ageOf(Date.now() - Date.parse(imported))} ago`,
        Version: digest,
        ...Object.fromEntries(Object.entries(ecosystems).map(([name, count]) => [name, `${count} packages`])),
      }),
    );
  },
);

/** `assay vulnerabilities`: the records that software in files is matched against. */
export const vulnerabilities = group('vulnerabilities', 'Import known vulnerabilities, or show how old they are', [
  importing,
  status,
]);
