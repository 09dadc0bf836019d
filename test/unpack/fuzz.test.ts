import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as CFB from 'cfb';
import { silentLog } from '../../src/core/log';
import { WorkflowDefinition } from '../../src/core/workflow';
import type { Host, Job } from '../../src/host/host';
import { startHost } from '../../src/host/supervise';
import { termsOf } from '../../src/host/terms';
import { createRandom, mutate } from '../../src/unpack/fixtures/mutate';
import { makeZip } from '../../src/unpack/fixtures/zip-maker';
import { LOCKED, PASSWORDS } from '../e2e/containers/locked';
import { type Pack, packedBy, packedIn, tool } from '../e2e/containers/packer';
import { CONTAINERS, SINGLES } from '../e2e/containers/plain';
import { lacks, PACKAGES, type Program } from '../needs';
import { temporaryFolder } from '../pipeline/app';

setDefaultTimeout(600_000);

/** Mutants of each container, and the first one's seed: more of them, or others, are read where the environment says so. */
const COUNT = Number(process.env.ASSAY_FUZZ ?? 2);
const SEED = Number(process.env.ASSAY_FUZZ_SEED ?? 1);
/** Files that are given to the engine host at once. */
const GROUP = 16;

const isSkipped = lacks(...(Object.keys(PACKAGES) as Program[]));

const OBJECT = (content: Buffer) => {
  const native = Buffer.alloc(4);
  native.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from('0105000002000000', 'hex'), Buffer.alloc(12), native, content]).toString('hex');
};
const ONENOTE = Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex');
const IN_ONENOTE = Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac40000000000000000000000000000000000000000', 'hex');

/** What no container of the end-to-end tests is, for readers that none of these would reach. */
const OTHERS: { [name: string]: Pack } = {
  'climbing.zip': (_, to) =>
    writeFileSync(to, makeZip(['../../../pwned', '/pwned', 'a\0b', '..'].map((name) => ({ name, content: 'x' })))),
  'floppy.img': packedIn('mformat -C -f 360 -i "$1" ::; mcopy -i "$1" note.txt inner.zip ::'),
  'linux.img': packedIn('rm -f "$1"; truncate -s 300k "$1"; mke2fs -q -F -d . "$1"'),
  'object.rtf': (from, to) =>
    writeFileSync(to, `{\\rtf1{\\object{\\*\\objdata ${OBJECT(readFileSync(join(from, 'inner.zip')))}}}}`),
  'section.one': (from, to) =>
    writeFileSync(to, Buffer.concat([ONENOTE, IN_ONENOTE, readFileSync(join(from, 'inner.zip'))])),
  'text.asc': (_, to) => writeFileSync(to, '-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n'),
  'signed.p7m': packedIn(`work=$(mktemp -d)
  openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=a -keyout $work/key -out $work/cert 2>$work/said
  openssl cms -sign -nodetach -binary -in inner.zip -signer $work/cert -inkey $work/key -outform DER -out "$1"; rm -r $work`),
  'rights.rpmsg': (from, to) =>
    writeFileSync(to, Buffer.concat([Buffer.from('76e80460c411e386', 'hex'), readFileSync(join(from, 'inner.zip'))])),
  'installer.msi': (from, to) => {
    const file = CFB.utils.cfb_new({ CLSID: '84100c0000000000c000000000000046' });
    CFB.utils.cfb_add(file, '/cabinet', readFileSync(join(from, 'inner.zip')));
    writeFileSync(to, CFB.write(file, { type: 'buffer' }) as Uint8Array);
  },
  'disc.bin': packedIn(`work=$(mktemp -d); genisoimage -quiet -J -r -o $work/iso .
  python3 -c "
import sys
data = open(sys.argv[1], 'rb').read()
head = b'\\\\0' + b'\\\\xff' * 10 + b'\\\\0' + b'\\\\0\\\\2\\\\0\\\\1'
open(sys.argv[2], 'wb').write(b''.join(head + data[at:at + 2048] + bytes(288) for at in range(0, len(data), 2048)))
" $work/iso "$1"; rm -r $work`),
  'joliet.iso': packedBy('genisoimage', '-quiet', '-J', '-r', '-hide-joliet', 'note.txt', '-o', '{}', '.'),
};

let folder: ReturnType<typeof temporaryFolder>;
let host: Host;
const CORPUS: [name: string, pack: Pack][] = [
  ...Object.entries(CONTAINERS),
  ...Object.entries(SINGLES).map(([name, { pack }]): [string, Pack] => [name, pack]),
  ...Object.entries(LOCKED).map(([name, { pack }]): [string, Pack] => [`locked-${name}`, pack]),
  ...Object.entries(OTHERS),
];

beforeAll(async () => {
  folder = temporaryFolder();
  for (const name of ['host', 'parts/letters', 'corpus', 'mutants', 'beside'])
    mkdirSync(join(folder.path, name), { recursive: true });
  const setup = { config: { engines: { hashes: {} }, plugins: [] }, threads: 2, grace: 5_000, patience: 60_000 };
  host = await startHost({ setup, dir: join(folder.path, 'host'), memoryLimit: 3e9, log: silentLog });
  if (isSkipped) return;
  const parts = join(folder.path, 'parts');
  writeFileSync(join(parts, 'note.txt'), 'nothing to see '.repeat(20));
  writeFileSync(join(parts, 'letters/bad.com'), 'neither here '.repeat(20));
  writeFileSync(join(parts, 'deep.com'), 'nor here '.repeat(20));
  tool(parts, 'zip', '-qm', 'inner.zip', 'deep.com');
  for (const [name, pack] of CORPUS) pack(parts, join(folder.path, 'corpus', name));
});
afterAll(async () => {
  await host.stop();
  folder.remove();
});

const jobOf = (path: string): Job => {
  const workflow = WorkflowDefinition.parse({ archiveTimeout: 30_000 });
  const { limits } = termsOf(workflow);
  return {
    id: path,
    place: { path },
    size: readFileSync(path).length,
    engines: 'all',
    timeout: workflow.fileTimeout,
    unpackBy: 'assay',
    limits,
    passwords: PASSWORDS.slice(1, 3),
  };
};

test.skipIf(isSkipped)(
  `${COUNT} mutants of each of ${CORPUS.length} containers are looked into without harm`,
  async () => {
    const mutants = CORPUS.flatMap(([name], at) => {
      const sound = readFileSync(join(folder.path, 'corpus', name));
      return Array.from({ length: COUNT }, (_, n) => {
        const path = join(folder.path, 'mutants', `${SEED + n}-${name}`);
        writeFileSync(path, mutate(sound, createRandom((SEED + n) * 1000 + at)));
        return path;
      });
    });
    const outside = ['.', 'parts', 'corpus', 'mutants', 'beside'];
    const listing = () => outside.map((name) => readdirSync(join(folder.path, name)).sort());
    const before = listing();
    for (let at = 0; at < mutants.length; at += GROUP) {
      const outcomes = await host.inspect(mutants.slice(at, at + GROUP).map(jobOf));
      for (const outcome of outcomes) {
        if (!('findings' in outcome)) throw new Error(`lost: ${JSON.stringify(outcome)}`);
        expect([outcome.id, outcome.findings.unread]).toEqual([outcome.id, undefined]);
      }
    }
    expect(host.restarts()).toBe(0);
    expect(listing()).toEqual(before);
    const left = readdirSync(join(folder.path, 'host'), { recursive: true }).map(String);
    expect(left.filter((path) => path.includes('scratch'))).toEqual([]);
    rmSync(join(folder.path, 'mutants'), { recursive: true });
  },
);
