import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { post, startDaemon, until } from '../test/e2e/daemon';
import { type S3Server, startS3 } from '../test/servers/s3';
import { type Corpus, scratch } from './corpus';
import { createRandom } from './corpus/random';
import { mb, type Report, round } from './figures';
import { childrenOf, memoryOf, watchMemory } from './measure';
import { serve } from './serve';

const OBJECTS = Number(process.env.BENCH_OBJECTS ?? 20_000);
const LISTED = Number(process.env.BENCH_LISTED ?? 1_000_000);
/** As many as Assay fetches at once. */
const AT_ONCE = 32;
const BUCKET = 'bench';
const PAGE = 1000;

/** Does something for each number, so many at once. @returns the seconds that it took */
const forEach = async (count: number, atOnce: number, work: (n: number) => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) await work(n);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (performance.now() - begun) / 1000;
};

const keyOf = (n: number): string => `${n % 100}/object ${n}.bin`;

const fill = async ({ client }: S3Server): Promise<number> => {
  const random = createRandom('objects');
  const pool = random.bytes(64 * 1024);
  const sizes = Array.from({ length: OBJECTS }, (_, n) => 1024 + ((n * 7919) % 15_360));
  await forEach(OBJECTS, AT_ONCE, async (n) => {
    const Body = Buffer.concat([Buffer.from(`${n}\n`), pool.subarray(0, sizes[n])]);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: keyOf(n), Body }));
  });
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** What the same client takes to read the objects and do nothing with them. */
const readAll = ({ endpoint, accessKey, secretKey }: S3Server, count: number, atOnce: number) => {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  return forEach(count, atOnce, async (n) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: keyOf(n) }));
    await Body?.transformToByteArray();
  });
};

const scanObjects = async (server: S3Server) => {
  const serving = await serve({ engines: { yara: {} } });
  const options = {
    kind: 's3',
    bucket: BUCKET,
    endpoint: server.endpoint,
    accessKeyId: server.accessKey,
    secretAccessKey: server.secretKey,
  };
  const storage = await serving.api('/api/storage', post({ name: 'bucket', options }));
  if (!storage.id) throw new Error(JSON.stringify(storage));
  const scan = await serving.scan(storage.id);
  await serving.stop();
  if (scan.files !== OBJECTS) throw new Error(`it found ${scan.files} of ${OBJECTS} objects`);
  return scan;
};

/** A server that lists objects without an end in sight, and gives none of them. */
const startLister = () => {
  let pages = 0;
  const nameAt = (n: number) => String(n).padStart(8, '0');
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    fetch: ({ url }) => {
      const { searchParams } = new URL(url);
      if (!searchParams.has('list-type')) return new Promise<Response>(() => {});
      const [after, most] = [searchParams.get('start-after'), Number(searchParams.get('max-keys') ?? PAGE)];
      if (most === PAGE) pages += 1;
      const start = after === null ? 0 : Number(after) + 1;
      const end = Math.min(start + most, LISTED);
      let entries = '';
      for (let n = start; n < end; n += 1)
        entries += `<Contents><Key>${nameAt(n)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"${n}"</ETag><Size>1</Size></Contents>`;
      return new Response(
        `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${end < LISTED}</IsTruncated>${entries}</ListBucketResult>`,
      );
    },
  });
  return { endpoint: `http://127.0.0.1:${server.port}`, pages: () => pages, stop: () => server.stop(true) };
};

/** A million objects are listed, with a kill -9 in the middle. */
export const listMillion = async () => {
  const lister = startLister();
  const folder = scratch('lister');
  const start = () => startDaemon({ cwd: folder.path, env: { ASSAY_LOG_LEVEL: 'info' } });
  let daemon = await start();
  const where = { kind: 's3', bucket: 'million', endpoint: lister.endpoint, accessKeyId: 'key' };
  const options = { ...where, secretAccessKey: 'secret' };
  const storage = await daemon.api('/api/storage', post({ name: 'million', options }));
  const begun = performance.now();
  const memory = watchMemory(() => [daemon.pid, ...childrenOf(daemon.pid)]);
  const { id } = await daemon.api('/api/scan', post({ storageId: storage.id }));
  const total = async (least: number) =>
    until(async () => ((await daemon.api(`/api/scan/${id}`)).counts?.total ?? 0) >= least);
  await total(LISTED / 2);
  await daemon.kill('SIGKILL');
  const killed = performance.now();
  daemon = await start();
  const down = (performance.now() - killed) / 1000;
  await total(LISTED);
  const seconds = (performance.now() - begun) / 1000;
  const after = memoryOf([daemon.pid]);
  const peak = memory.stop();
  await daemon.kill('SIGKILL');
  lister.stop();
  folder.remove();
  return { seconds, down, pages: lister.pages(), peak, after };
};

export const s3 = async (_corpus: Corpus, _runs: number): Promise<Report> => {
  const server = await startS3();
  await server.bucket(BUCKET);
  const bytes = await fill(server);
  const few = Math.min(1000, OBJECTS);
  const oneByOne = await readAll(server, few, 1);
  const together = await readAll(server, OBJECTS, AT_ONCE);
  const scan = await scanObjects(server);
  await server.remove();
  const million = await listMillion();
  const row = (name: string, count: number, seconds: number, more = '') => [
    name,
    String(count),
    round(seconds),
    round(count / seconds, 0),
    more,
  ];
  return {
    title: `S3: ${OBJECTS} objects (${mb(bytes)}) of OpenStack Swift on loopback`,
    head: ['run', 'objects', 'seconds', 'objects/s', 'peak RSS of all processes'],
    rows: [
      row('GET one by one, nothing done with them', few, oneByOne),
      row(`GET ${AT_ONCE} at once, nothing done with them`, OBJECTS, together),
      row('Assay: listed, fetched, scanned by the built-in rules, kept', OBJECTS, scan.seconds, mb(scan.peak.rss)),
      row('Assay: listed alone, killed in the middle', LISTED, million.seconds, mb(million.peak.rss)),
    ],
    notes: [
      `CPU: ${Object.entries(scan.cpu)
        .map(([name, seconds]) => `${name} ${round(seconds)} s`)
        .join(', ')}; others meanwhile, Swift among them, ${round(scan.others)} s.`,
      `The listing of ${LISTED} took ${million.pages} pages of ${PAGE}; the daemon was away for ${round(million.down)} s of it.`,
    ],
    figures: { objects: OBJECTS, bytes, oneByOne: { few, seconds: oneByOne }, together, scan, million },
  };
};
