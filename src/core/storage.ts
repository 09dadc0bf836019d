import { z } from 'zod';

const isEndpoint = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
};

const LocalOptions = z.strictObject({
  kind: z.literal('local'),
  path: z.string().min(1).describe('An absolute path of a folder (or one file) on this host.'),
});

export const S3Options = z.strictObject({
  kind: z.literal('s3'),
  bucket: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/, 'expected the name of a bucket')
    .describe('The name of the bucket.'),
  endpoint: z
    .string()
    .refine(isEndpoint, 'expected http://HOST:PORT or https://HOST, without a user, a password or a query')
    .optional()
    .describe('The address of an S3-compatible server; without it Amazon S3.'),
  region: z.string().min(1).max(100).default('us-east-1').describe('The region that requests are signed for.'),
  prefix: z
    .string()
    .max(1024)
    .default('')
    .describe('Only objects whose key begins so; end it with a slash for a folder.'),
  pathStyle: z
    .boolean()
    .optional()
    .describe('The bucket is named in the path instead of the host name; by default where an endpoint is named.'),
  accessKeyId: z.string().min(1).max(256).describe('The access key.'),
});
export type S3Options = z.infer<typeof S3Options>;

/** What is secret of a storage: it goes into the store sealed, and from there to the storage's own client alone. */
export const StorageSecret = z.strictObject({
  secretAccessKey: z.string().min(1).max(4096).describe('The secret key. It is kept sealed and never shown again.'),
  sessionToken: z
    .string()
    .min(1)
    .max(16_384)
    .optional()
    .describe('Of temporary credentials. Kept like the secret key.'),
});
export type StorageSecret = z.infer<typeof StorageSecret>;

/** How a storage is reached; nothing in it is secret. */
export const StorageOptions = z.discriminatedUnion('kind', [LocalOptions, S3Options]);
export type StorageOptions = z.infer<typeof StorageOptions>;

/** The same as somebody gives it, with what is secret. */
export const GivenOptions = z.discriminatedUnion('kind', [
  LocalOptions,
  S3Options.extend(StorageSecret.partial().shape),
]);
export type GivenOptions = z.infer<typeof GivenOptions>;

/** Takes apart what is secret and what may be shown. */
export const splitSecret = (given: GivenOptions): { options: StorageOptions; secret?: StorageSecret } => {
  if (given.kind === 'local') return { options: given };
  const { secretAccessKey, sessionToken, ...options } = given;
  return secretAccessKey === undefined ? { options } : { options, secret: { secretAccessKey, sessionToken } };
};

/** What was at the path of a local storage while it was there. */
export interface KnownRoot {
  isFolder: boolean;
  /** The mount point of the file system that held it. */
  mount: string;
}

export interface Storage {
  id: string;
  name: string;
  options: StorageOptions;
  workflowId?: string;
  createdAt: number;
  /** What was at the path of a local storage when it was last added, tried out, scanned or acted in; absent while it never was there. */
  root?: KnownRoot;
  /** Another one when its secret was set anew; it tells nothing of it. Absent without a secret. */
  secretMark?: string;
}

const AMAZON = /(^|\.)amazonaws\.com(\.cn)?$/;

/** `storageType` of the published API: 0 Amazon S3, 6 S3-compatible, 100 local folder. */
export const storageTypeOf = (options: StorageOptions): number => {
  if (options.kind === 'local') return 100;
  return options.endpoint === undefined || AMAZON.test(new URL(options.endpoint).hostname) ? 0 : 6;
};

/** Where a storage is, in a line for people. */
export const addressOf = (options: StorageOptions): string =>
  options.kind === 'local'
    ? options.path
    : `s3://${options.bucket}/${options.prefix}${options.endpoint === undefined ? '' : ` at ${options.endpoint}`}`;
