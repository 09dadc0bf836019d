import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { silentLog } from '../../src/core/log';
import { WorkflowDefinition } from '../../src/core/workflow';
import type { Host } from '../../src/host/host';
import { residentBytes } from '../../src/host/process';
import { startHost } from '../../src/host/supervise';
import { termsOf } from '../../src/host/terms';
import { judge } from '../../src/judge/judge';
import { judgeMembers } from '../../src/judge/members';
import { type Made, makeZip } from '../../src/unpack/fixtures/zip-maker';
import { lacks } from '../needs';
import { misbehaving, temporaryFolder } from '../pipeline/app';

setDefaultTimeout(120_000);

/** What the engine host may take more than it had before the bombs; each of them holds far more. Bytes. */
const BOUND = 400e6;
const MB = 1024 * 1024;

let folder: ReturnType<typeof temporaryFolder>;
let host: Host;
beforeAll(async () => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'host'));
  const config = { engines: { misbehaving: {} }, plugins: [misbehaving] };
  const setup = { config, threads: 1, grace: 5_000, patience: 60_000 };
  host = await startHost({ setup, dir: join(folder.path, 'host'), memoryLimit: 2e9, log: silentLog });
});
afterAll(async () => {
  await host.stop();
  folder.remove();
});

/** Has a file looked into by the engine host, and judges it; watches the memory on the way. */
const look = async (file: string, limits: Partial<WorkflowDefinition> = {}) => {
  const workflow = WorkflowDefinition.parse(limits);
  const pid = host.pid() ?? 0;
  const before = residentBytes(pid);
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(pid));
  }, 20);
  const [outcome] = await host.inspect([
    {
      id: 'bomb',
      place: { path: file },
      size: 100 * MB,
      engines: 'all',
      timeout: workflow.fileTimeout,
      unpackBy: 'assay',
      limits: termsOf(workflow).limits,
      passwords: [],
    },
  ]);
  clearInterval(watch);
  if (outcome === undefined || !('findings' in outcome)) throw new Error(`lost: ${JSON.stringify(outcome)}`);
  const { findings, members = [] } = outcome;
  const { outcomes } = judgeMembers(members, workflow);
  const { resultCode, detections, explanation } = judge(
    { ...findings, inside: findings.inside && { ...findings.inside, outcomes } },
    workflow,
  );
  expect(host.restarts()).toBe(0);
  expect(most - before).toBeLessThan(BOUND);
  const left = readdirSync(join(folder.path, 'host'), { recursive: true }).map(String);
  expect(left.filter((path) => path.includes('scratch'))).toEqual([]);
  return { resultCode, detections, explanation, members: members.length };
};

const write = (name: string, content: Uint8Array): string => {
  const path = join(folder.path, name);
  if (!existsSync(path)) writeFileSync(path, content);
  return path;
};
const BAD: Made = { name: 'bad.txt', content: 'bad' };
const beside = (name: string, content: Uint8Array) =>
  makeZip([BAD, { name, content: Buffer.from(content), method: 0 }]);

/** As 42.zip is made: zips of 16 alike, five levels of them, and zeros at the bottom. */
const nested = (): Buffer => {
  let inner = makeZip([{ name: '0.dll', content: Buffer.alloc(256 * MB) }]);
  for (let level = 0; level < 5; level++) {
    const raw = deflateRawSync(inner, { level: 9 });
    const name = (i: number) => `lib ${i.toString(16)}.zip`;
    inner = makeZip(Array.from({ length: 16 }, (_, i) => ({ name: name(i), content: inner, raw })));
  }
  return inner;
};

/** The parts of a zip of one member whose directory is to have `count` records of it. */
const partsOf = (member: Made, count: number) => {
  const one = makeZip([member]);
  const at = one.indexOf('PK\x01\x02', 0, 'latin1');
  const endAt = one.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const [record, end] = [one.subarray(at, endAt), Buffer.from(one.subarray(endAt))];
  end.writeUInt16LE(count % 0x1_0000, 8);
  end.writeUInt16LE(count % 0x1_0000, 10);
  end.writeUInt32LE(record.length * count, 12);
  return { local: one.subarray(0, at), record, end };
};

/** Many records of a directory that all lead to one content. */
const overlapping = (count: number, content: Buffer): Buffer => {
  const { local, record, end } = partsOf({ name: 'x', content }, count);
  return Buffer.concat([local, Buffer.alloc(record.length * count, record), end]);
};

/**
 * Members that all end in one content: each one's packed bytes quote the next one's header as a block that is stored (D. Fifield, "A better zip
 * bomb", 2019). Their checksums are left out.
 */
const quoting = (count: number, content: Buffer): Buffer => {
  const kernel = deflateRawSync(content, { level: 9 });
  const header = (i: number, compressed: number): Buffer => {
    const name = Buffer.from(`${i}`);
    const bytes = Buffer.alloc(30);
    bytes.writeUInt32LE(0x04034b50, 0);
    bytes.writeUInt16LE(20, 4);
    bytes.writeUInt16LE(8, 8);
    bytes.writeUInt32LE(compressed, 18);
    bytes.writeUInt32LE(content.length, 22);
    bytes.writeUInt16LE(name.length, 26);
    return Buffer.concat([bytes, name]);
  };
  let body: Buffer = kernel;
  const headers: Buffer[] = [];
  for (let i = count - 1; i >= 0; i--) {
    const own = header(i, body.length);
    headers.unshift(own);
    const quote = Buffer.alloc(5);
    quote.writeUInt16LE(own.length, 1);
    quote.writeUInt16LE(0xffff - own.length, 3);
    body = Buffer.concat(i === 0 ? [own, body] : [quote, own, body]);
  }
  let at = 0;
  const records = headers.map((own) => {
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    at += own.length + 5;
    return Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), own.subarray(4, 30), place, own.subarray(30)]);
  });
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(Buffer.concat(records).length, 12);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, ...records, end]);
};

/** A frame that asks for a window of 2 GB, and blocks of 128 KB that are one byte each (RFC 8878, 3.1.1). */
const wideZstd = (blocks: number): Buffer => {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (31 - 10) << 3]);
  const block = (isLast: boolean) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUIntLE(((128 * 1024) << 3) | (1 << 1) | Number(isLast), 0, 3);
    return bytes;
  };
  return Buffer.concat([head, Buffer.alloc(4 * (blocks - 1), block(false)), block(true)]);
};

const BOMBS: [name: string, make: () => Uint8Array][] = [
  ['zips nested as in 42.zip', nested],
  ['a zip whose records overlap', () => overlapping(50_000, Buffer.alloc(10 * MB))],
  ['a zip whose members quote each other', () => quoting(500, Buffer.alloc(10 * MB))],
  ['zstd', () => Bun.zstdCompressSync(Buffer.alloc(512 * MB))],
  ['gzip', () => Bun.gzipSync(Buffer.alloc(512 * MB))],
];

for (const [name, make] of BOMBS) {
  test(`a bomb of ${name} ends at the expansion, and what was found before counts`, async () => {
    const bomb = make();
    const alone = await look(write(`${name} alone`, bomb));
    expect(alone).toMatchObject({ resultCode: 60, detections: ['Unscannable'] });
    expect(alone.explanation).toContain('500 times as large');
    const infected = await look(write(`${name} infected`, beside('bomb', bomb)));
    expect(infected).toMatchObject({ resultCode: 1, detections: expect.arrayContaining(['Threat', 'Unscannable']) });
  });
}

test.skipIf(lacks('7zz'))('so do bombs of xz, bzip2 and 7z', async () => {
  for (const format of ['xz', 'bzip2', '7z']) {
    const [name, path] = [`${format} infected`, join(folder.path, `bomb.${format}`)];
    Bun.spawnSync(['7zz', 'a', `-t${format}`, '-mx=1', '-sizeros', path], { stdin: Buffer.alloc(150 * MB) });
    expect(await look(path)).toMatchObject({ resultCode: 60, detections: ['Unscannable'] });
    expect(await look(write(name, beside('bomb', readFileSync(path))))).toMatchObject({ resultCode: 1 });
  }
});

test('so does a tar of a file that is nothing but a hole', async () => {
  const made = Bun.spawnSync(['sh', '-ec', 'truncate -s 100G hole; tar --format=posix -S -cf hole.tar hole; rm hole'], {
    cwd: folder.path,
  });
  expect(made.exitCode).toBe(0);
  expect(await look(join(folder.path, 'hole.tar'))).toMatchObject({ resultCode: 60, detections: ['Unscannable'] });
});

test('a zstd frame that asks for a window of 2 GB does not get the memory, and is not clean', async () => {
  const { resultCode, detections } = await look(write('wide.zst', wideZstd(4000)));
  expect([60, 23, 24]).toContain(resultCode ?? -1);
  expect(detections).toEqual(['Unscannable']);
});

test('each other limit ends the nested zips with a result and a reason of its own', async () => {
  const bomb = write('nested', beside('bomb.zip', nested()));
  const harmless = write('nested alone', nested());
  const cases: [Partial<WorkflowDefinition>, number, string][] = [
    [{ maxArchiveDepth: 3 }, 9, 'deeper than the 3 levels'],
    [{ maxArchiveFiles: 5 }, 14, 'more than the 5 files'],
    [{ maxArchiveSize: 50 * MB }, 13, 'larger than the'],
    [{ maxArchiveExpansion: 1e6, archiveTimeout: 1 }, 16, 'not done within'],
  ];
  for (const [limits, resultCode, reason] of cases) {
    const alone = await look(harmless, limits);
    expect(alone).toMatchObject({ resultCode, detections: ['Unscannable'] });
    expect(alone.explanation).toContain(reason);
    if (resultCode === 16) continue;
    expect(await look(bomb, limits)).toMatchObject({ resultCode: 1 });
  }
});

test('a zip of ten million entries ends at the number of files', async () => {
  const { local, record, end } = partsOf({ name: 'x', content: '', method: 0 }, 10_000_000);
  const path = write('entries.zip', local);
  const million = Buffer.alloc(record.length * 1_000_000, record);
  for (let i = 0; i < 10; i++) appendFileSync(path, million);
  appendFileSync(path, end);
  expect(await look(path)).toMatchObject({ resultCode: 14, detections: ['Unscannable'], members: 100_000 });
});

test('a directory that lies about numbers and sizes hides nothing, and is not clean', async () => {
  const lies = (content: string) =>
    makeZip(
      [
        { name: 'small', content, both: { size: 1 } },
        { name: 'large', content: 'x', central: { size: 0xffff_fff0, compressed: 0xffff_fff0 } },
      ],
      { end: { entries: 60_000 } },
    );
  expect(await look(write('lies.zip', lies('good')))).toMatchObject({ detections: ['Unscannable'] });
  expect(await look(write('lies infected.zip', lies('bad')))).toMatchObject({ resultCode: 1 });
});
