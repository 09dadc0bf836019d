import { z } from 'zod';
import { duration, listen, path, size } from './values';

const Database = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .optional()
      .describe('A file: URL or a remote libSQL server; without it assay.db in dataDir.')
      .meta({ examples: ['file:/var/lib/assay/assay.db'] }),
    authToken: z
      .string()
      .min(1)
      .optional()
      .describe("A remote server's token. Prefer authTokenFile or ASSAY_DATABASE_AUTH_TOKEN.")
      .meta({ examples: ['TOKEN'] }),
    authTokenFile: path()
      .optional()
      .describe('A file that holds the token.')
      .meta({ examples: ['/etc/assay/database-token'] }),
  })
  .prefault({})
  .describe('Where results are kept.');

/** Below this the process that looks into files would end before it is of any use. Bytes. */
const LEAST_MEMORY = 256e6;

const LogOptions = z
  .strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('debug, info, warn or error.'),
  })
  .prefault({})
  .describe('The log goes to standard error as JSON lines.');

const ScanOptions = z
  .strictObject({
    threads: z
      .number()
      .int()
      .min(1)
      .max(1024)
      .optional()
      .describe('Files looked into at once; without it one for each core.')
      .meta({ examples: [4] }),
    attempts: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(3)
      .describe('Attempts at a file, the first included, before it is Failed.'),
    backoff: duration()
      .prefault('2s')
      .describe('The wait before a second attempt; each further one waits five times as long.'),
    spoolSize: size()
      .prefault('10GB')
      .describe(
        'Room in dataDir for files that are fetched from elsewhere, such as S3, to be looked into; larger ones are not.',
      ),
    memoryLimit: size()
      .refine((bytes) => bytes >= LEAST_MEMORY, 'expected at least 256MB')
      .prefault('1500MB')
      .describe('Memory of the process that looks into files, at least 256MB; beyond it, it is started anew.'),
  })
  .prefault({})
  .describe('How files are looked into.');

const RealtimeOptions = z
  .strictObject({
    settle: duration()
      .prefault('500ms')
      .describe('How long a file must have been left alone before it is looked into.'),
    longest: duration()
      .prefault('30s')
      .describe('A file that never comes to rest, such as a log, is looked into after this long, again and again.'),
    poll: duration()
      .prefault('1m')
      .describe('How often a storage that tells of no changes (NFS, SMB, objects) is listed.'),
  })
  .prefault({})
  .describe('How changed files are noticed in real time.');

const QuarantineOptions = z
  .strictObject({
    keep: duration()
      .optional()
      .describe('Files are removed from quarantine for good after this long; without it, when somebody wants it.')
      .meta({ examples: ['90d'] }),
  })
  .prefault({})
  .describe('How files are held that a workflow puts into quarantine.');

const StorageEntry = z.strictObject({
  name: z.string().min(1).describe('A name of its own, for reports and commands.'),
  path: path().describe('A folder of this host.'),
  workflow: z.string().min(1).optional().describe("A workflow's name; without it the one that applies to all."),
});

/** The configuration as people write it. The default file and the JSON schema are made from it: `bun src/config/generate.ts`. */
export const ConfigFile = z.strictObject({
  listen: listen().default('127.0.0.1:8787').describe('The address of the API and the web page, HOST:PORT.'),
  allowedHosts: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Host names besides localhost and the address above by which the API may be called, such as that of a reverse proxy.',
    ),
  dataDir: path().default('/var/lib/assay').describe('State: the database, the instance key, quarantine.'),
  socket: path()
    .optional()
    .describe('The Unix socket by which the command line reaches the daemon; without it assay.sock in dataDir.')
    .meta({ examples: ['/run/assay/assay.sock'] }),
  database: Database,
  log: LogOptions,
  scan: ScanOptions,
  realtime: RealtimeOptions,
  quarantine: QuarantineOptions,
  engines: z
    .record(z.string().min(1), z.unknown())
    .optional()
    .describe(
      'An engine runs if and only if it is named here; without this key the built-in yara rules and hashes run.',
    )
    .meta({
      examples: [
        {
          yara: { rules: ['/etc/assay/rules'] },
          hashes: { block: ['/etc/assay/bad.hdb'], allow: ['/etc/assay/known.txt'] },
          clamav: { socket: '/run/clamav/clamd.ctl' },
          'sensitive-data': { patterns: [{ name: 'Staff number', pattern: '\\bSTF-\\d{6}\\b' }] },
        },
      ],
    }),
  plugins: z
    .array(path())
    .default([])
    .describe('Engines of others: paths of .ts or .js files.')
    .meta({ examples: [['/etc/assay/plugins/sophos.ts']] }),
  storages: z
    .array(StorageEntry)
    .default([])
    .describe('Storages that are created at start when they do not exist: name, path and, if wanted, workflow.')
    .meta({ examples: [[{ name: 'uploads', path: '/srv/uploads' }]] }),
});
export type ConfigFile = z.infer<typeof ConfigFile>;

/** The configuration as the program uses it: all defaults in, paths absolute, secrets read. Durations in milliseconds, sizes in bytes. */
export interface Config extends Omit<ConfigFile, 'socket' | 'database' | 'scan'> {
  socket: string;
  database: { url: string; authToken?: string };
  scan: ConfigFile['scan'] & { threads: number };
}

/** A node of a JSON schema, as far as this room reads it. */
export interface SchemaNode {
  type?: string;
  format?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
}

/** The schema of the file for editors: of what people write, so before values are read. */
export const configJsonSchema = (): SchemaNode => z.toJSONSchema(ConfigFile, { io: 'input' }) as SchemaNode;
