import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { find, lacks, skipped } from '../needs';

const DAEMONS = ['account', 'container', 'object'] as const;
const ACCESS_KEY = 'test:tester';
export const SECRET_KEY = 'kEpT-under-seal';

/** With its processes in a namespace, too, none of them outlives it. */
const NAMESPACE = ['--mount', '--pid', '--fork', '--kill-child'];
/** Also when the test itself is killed. */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'KILL'];

/** Swift reads /etc/swift alone, so it runs in a mount namespace of its own, in which that is the test's folder. */
const canHaveNamespace = (): boolean => {
  const can =
    process.getuid?.() === 0 &&
    Bun.spawnSync(['unshare', ...NAMESPACE, 'true'], { stdout: 'ignore', stderr: 'ignore' }).exitCode === 0;
  if (!can) skipped('tests with an S3 server, which need root and a mount namespace');
  return can;
};

/** Whether an S3 server can be started here: OpenStack Swift, which speaks S3 and checks signatures. */
export const hasS3 =
  !lacks('memcached', 'swift-proxy-server', 'swift-account-server', 'swift-container-server', 'swift-object-server') &&
  canHaveNamespace();

export interface S3Server {
  endpoint: string;
  accessKey: string;
  secretKey: string;
  /** A client with the right to everything. */
  client: S3Client;
  /** Makes a bucket; settles when it can be listed. */
  bucket: (name: string, versions?: boolean) => Promise<void>;
  /** The server is away, and comes back on the same port. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
  remove: () => Promise<void>;
}

const freePorts = (count: number): number[] => {
  const servers = Array.from({ length: count }, () =>
    Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } }),
  );
  for (const server of servers) server.stop(true);
  return servers.map(({ port }) => port);
};

const section = (name: string, lines: { [key: string]: string | number }): string =>
  `[${name}]\n${Object.entries(lines)
    .map((pair) => `${pair.join(' = ')}\n`)
    .join('')}`;

/** What the proxy puts a request through (docs.openstack.org/swift, "proxy-server.conf-sample"). */
const FILTERS = {
  catch_errors: {},
  cache: {},
  bulk: {},
  s3api: { s3_acl: 'false', location: 'us-east-1', dns_compliant_bucket_names: 'true' },
  tempauth: { user_test_tester: `${SECRET_KEY} .admin` },
  copy: {},
  slo: {},
  versioned_writes: { allow_versioned_writes: 'true', allow_object_versioning: 'true' },
  symlink: {},
};

const writeConfiguration = (etc: string, node: string, ports: number[]): void => {
  const [proxy = 0, memcache = 0, ...daemons] = ports;
  const common = { bind_ip: '127.0.0.1', user: 'root', swift_dir: etc, workers: 0 };
  const hashes = { swift_hash_path_suffix: 'tests', swift_hash_path_prefix: 'tests' };
  const policy = { name: 'gold', default: 'yes' };
  writeFileSync(join(etc, 'swift.conf'), section('swift-hash', hashes) + section('storage-policy:0', policy));
  for (const [at, kind] of DAEMONS.entries()) {
    // On a busy machine a listing must not come late.
    const patience = { conn_timeout: 30, node_timeout: 60, container_update_timeout: 60 };
    const own = { ...common, ...patience, bind_port: daemons[at] ?? 0, devices: node, mount_check: 'false' };
    const lines = [
      section('DEFAULT', own),
      section('pipeline:main', { pipeline: `${kind}-server` }),
      section(`app:${kind}-server`, { use: `egg:swift#${kind}` }),
    ];
    writeFileSync(join(etc, `${kind}.conf`), lines.join(''));
  }
  const filters = { ...FILTERS, cache: { memcache_servers: `127.0.0.1:${memcache}` } };
  const app = {
    use: 'egg:swift#proxy',
    account_autocreate: 'true',
    allow_account_management: 'true',
    conn_timeout: 30,
    node_timeout: 60,
  };
  const lines = [
    section('DEFAULT', { ...common, bind_port: proxy }),
    section('pipeline:main', { pipeline: `${Object.keys(filters).join(' ')} proxy-server` }),
    section('app:proxy-server', app),
    ...Object.entries(filters).map(([name, more]) =>
      section(`filter:${name}`, { use: `egg:swift#${name === 'cache' ? 'memcache' : name}`, ...more }),
    ),
  ];
  writeFileSync(join(etc, 'proxy.conf'), lines.join(''));
};

/** Makes the rings, then runs all of them until this shell is ended. */
const script = (etc: string, [, memcache, ...daemons]: number[]): string => `
set -e
mkdir -p /etc/swift /var/cache/swift
mount --bind ${etc} /etc/swift
${DAEMONS.map(
  (kind, at) => `[ -f ${etc}/${kind}.ring.gz ] || {
  swift-ring-builder ${etc}/${kind}.builder create 4 1 1
  swift-ring-builder ${etc}/${kind}.builder add r1z1-127.0.0.1:${daemons[at]}/d1 1
  swift-ring-builder ${etc}/${kind}.builder rebalance
}`,
).join('\n')}
memcached -u nobody -l 127.0.0.1 -p ${memcache} -m 64 &
${DAEMONS.map((kind) => `swift-${kind}-server ${etc}/${kind}.conf &`).join('\n')}
swift-proxy-server ${etc}/proxy.conf &
wait -n`;

/** Starts a real S3 server on loopback, on a folder of its own, and waits until it answers. */
export const startS3 = async (): Promise<S3Server> => {
  const folder = mkdtempSync(join(tmpdir(), 's3-'));
  const etc = join(folder, 'etc');
  const node = join(folder, 'node');
  const log = join(folder, 'log');
  mkdirSync(etc);
  mkdirSync(join(node, 'd1'), { recursive: true });
  const ports = freePorts(2 + DAEMONS.length);
  writeConfiguration(etc, node, ports);

  const endpoint = `http://127.0.0.1:${ports[0]}`;
  const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 });
  let child: Bun.Subprocess | undefined;

  const until = async (holds: () => Promise<unknown>) => {
    for (let tries = 0; tries < 1200; tries++) {
      if (child?.exitCode != null) throw new Error(`the S3 server ended: ${await Bun.file(log).text()}`);
      if (await holds().catch(() => false)) return;
      await Bun.sleep(50);
    }
    throw new Error(`the S3 server does not answer: ${await Bun.file(log).text()}`);
  };

  const stop = async () => {
    child?.kill('SIGKILL');
    await child?.exited;
    child = undefined;
  };
  const bucket = async (Bucket: string, versions = false) => {
    await until(() => client.send(new CreateBucketCommand({ Bucket })));
    await until(() => client.send(new ListObjectsV2Command({ Bucket })));
    // The server of the objects may come later than that of the buckets.
    await until(() => client.send(new PutObjectCommand({ Bucket, Key: 'first', Body: Buffer.alloc(1) })));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'first' }));
    if (!versions) return;
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  };
  const start = async () => {
    const command = [...ENDS_WITH_US, find('unshare') ?? 'unshare', ...NAMESPACE, 'bash', '-c', script(etc, ports)];
    const output = Bun.file(log);
    child = Bun.spawn(command, { stdout: output, stderr: output });
    await until(() => client.send(new ListBucketsCommand()));
  };

  const remove = async () => {
    client.destroy();
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    endpoint,
    accessKey: ACCESS_KEY,
    secretKey: SECRET_KEY,
    client,
    bucket,
    stop,
    start,
    remove,
  };
};
