import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '../../src/core/log';
import { WorkflowDefinition } from '../../src/core/workflow';
import type { Host } from '../../src/host/host';
import { startHost } from '../../src/host/supervise';
import { termsOf } from '../../src/host/terms';
import { makeZip } from '../../src/unpack/fixtures/zip-maker';
import { lacks } from '../needs';
import { type Clamd, eicar, startClamd } from '../servers/clamd';

setDefaultTimeout(60_000);
const isSkipped = lacks('clamd');

let clamd: Clamd;
let host: Host;
let archive: string;
beforeAll(async () => {
  if (isSkipped) return;
  clamd = await startClamd(['LogClean yes']);
  const config = { engines: { clamav: { socket: clamd.socket } }, plugins: [] };
  host = await startHost({
    setup: { config, threads: 1, grace: 5_000, patience: 60_000 },
    dir: clamd.folder,
    memoryLimit: 2e9,
    log: silentLog,
  });
  archive = join(clamd.folder, 'archive.zip');
  const members = [
    { name: 'bad.com', content: Buffer.from(eicar()) },
    { name: 'note.txt', content: 'nothing to see' },
    { name: 'large.bin', content: Buffer.alloc(3_000_000, 'more than is kept in memory ') },
  ];
  writeFileSync(archive, makeZip(members));
});
afterAll(async () => {
  await host?.stop();
  await clamd?.remove();
});

/** Has the archive looked into; what clamd says that it was given, and how: as a stream, or by the descriptor of a file. */
const look = async (path: string, unpackBy: WorkflowDefinition['unpackBy']) => {
  const log = () => readFileSync(join(clamd.folder, 'log'), 'utf8');
  const before = log().length;
  const [outcome] = await host.inspect([
    {
      id: 'a',
      place: { path },
      size: 1,
      engines: 'all',
      timeout: 30_000,
      unpackBy,
      limits: termsOf(WorkflowDefinition.parse({})).limits,
      passwords: [],
    },
  ]);
  if (outcome === undefined || !('findings' in outcome)) throw new Error(JSON.stringify(outcome));
  const { findings, members = [] } = outcome;
  const given = findings.answers.length + members.filter(({ answers }) => answers.length > 0).length;
  // Its name for a descriptor is the path behind it; the alerts of the plugin's own probes are not about the file.
  const line = /-> (?:(instream)\S*|\S*\/(scratch|archive|cut)\S*(?: \(deleted\))?): (?!Heuristics).*?(OK|FOUND)$/gm;
  const asked = () => [...log().slice(before).matchAll(line)];
  // It answers before it writes that down.
  while (asked().length < given) await Bun.sleep(5);
  return {
    asked: asked()
      .map(([, stream, name, said]) => `${stream ?? name} ${said}`)
      .toSorted(),
    ofFile: findings.answers.map(({ status }) => status),
    ofMembers: members.map(({ path: name, answers }) => [name, answers[0]?.status]),
  };
};

const OF_MEMBERS = [
  ['bad.com', 'detected'],
  ['note.txt', 'clean'],
  ['large.bin', 'clean'],
];

test.skipIf(isSkipped)('clamd gets each member once, from memory as a stream, and not the archive', async () => {
  expect(await look(archive, 'assay')).toEqual({
    asked: ['instream FOUND', 'instream OK', 'scratch OK'],
    ofFile: [],
    ofMembers: OF_MEMBERS,
  });
});

test.skipIf(isSkipped)('clamd gets the archive, too, where the workflow wants both', async () => {
  expect(await look(archive, 'both')).toEqual({
    asked: ['archive FOUND', 'instream FOUND', 'instream OK', 'scratch OK'],
    ofFile: ['detected'],
    ofMembers: OF_MEMBERS,
  });
});

test.skipIf(isSkipped)('clamd gets the archive alone where the workflow leaves it to the engines', async () => {
  expect(await look(archive, 'engines')).toEqual({ asked: ['archive FOUND'], ofFile: ['detected'], ofMembers: [] });
});

test.skipIf(isSkipped)('clamd is asked about an archive that could not be taken apart to its end', async () => {
  const cut = join(clamd.folder, 'cut.zip');
  const whole = readFileSync(archive);
  writeFileSync(cut, whole.subarray(0, whole.length - 60));
  const { ofFile, asked } = await look(cut, 'assay');
  expect(ofFile).toHaveLength(1);
  expect(asked.filter((how) => how.startsWith('cut'))).toHaveLength(1);
});
