import { S3Client } from '@aws-sdk/client-s3';
import { Fault } from '../../core/fault';
import type { S3Options, StorageSecret } from '../../core/storage';
import { boundAnswers } from './bounded';
import type { Where } from './faults';

/** Requests under way at once, all of a storage together. */
const CONNECTIONS = 64;
const CONNECT_WITHIN = 10_000;
/** How long the server may take to begin an answer. Milliseconds. */
const ANSWER_WITHIN = 60_000;
/** Attempts at one request before the storage is said to be away; they are a few hundred milliseconds apart. */
const ATTEMPTS = 3;
/** How long a secret that was read is used before it is read again. Milliseconds. */
const SECRET_FOR = 60_000;

export const whereOf = ({ bucket, endpoint, region }: S3Options): Where => ({
  bucket,
  server: endpoint ?? `Amazon S3 (${region})`,
});

/**
 * The client of a bucket's server. Nothing of this host's own AWS settings reaches it, whoever starts the program.
 * @param secretOf reads the secret, which is kept sealed
 */
export const createClient = (options: S3Options, secretOf: () => Promise<StorageSecret | undefined>): S3Client => {
  const client = new S3Client({
    region: options.region,
    endpoint: options.endpoint,
    ignoreConfiguredEndpointUrls: true,
    forcePathStyle: options.pathStyle ?? options.endpoint !== undefined,
    followRegionRedirects: true,
    // Others' servers do not know the checksums that Amazon's client sends by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryMode: 'standard',
    maxAttempts: ATTEMPTS,
    defaultsMode: 'standard',
    useArnRegion: false,
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN,
      httpAgent: { maxSockets: CONNECTIONS },
      httpsAgent: { maxSockets: CONNECTIONS },
    },
    credentials: async () => {
      const secret = await secretOf();
      if (secret === undefined) {
        throw new Fault('STORAGE_UNREACHABLE', `The bucket ${options.bucket} cannot be used: it has no secret key.`, {
          hint: 'Set one: "assay storage set NAME --secret-key-file FILE".',
        });
      }
      return { accessKeyId: options.accessKeyId, ...secret, expiration: new Date(Date.now() + SECRET_FOR) };
    },
  });
  boundAnswers(client);
  return client;
};

/** Asks the server one thing; what goes wrong comes as the client throws it, but a late answer as ETIMEDOUT and an abort as the signal's reason. */
export type Send = <T>(
  ask: (client: S3Client, abortSignal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

export const createSend =
  (client: S3Client): Send =>
  async (ask, signal) => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ANSWER_WITHIN);
    try {
      return await ask(client, signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]));
    } catch (error) {
      signal?.throwIfAborted();
      throw late.signal.aborted ? Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }) : error;
    } finally {
      clearTimeout(timer);
    }
  };
