import type { Engine } from '../../src/engines/contract';

export interface Options {
  database: string;
}

/** Known vulnerabilities of the software that files are, or are parts of, by a database of OSV records that was imported. */
export default {
  id: 'vulnerabilities',
  name: 'OSV',
  finds: ['Vulnerability'],
  options: (z) =>
    z.strictObject({
      database: z
        .string()
        .min(1)
        .describe('The database that "assay vulnerabilities import" made; without it the one in dataDir'),
    }),

  // Each thread opens it for itself; that it cannot be opened is told once, before they do.
  prepare: async ({ database }) => (await import('./database/open')).openVulnerabilities(database).close(),

  // What recognizes software is large: it is loaded where the engine runs.
  open: async ({ database }) => (await import('./engine')).openEngine(database),
} satisfies Engine<Options>;
