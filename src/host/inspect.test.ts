import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuffers } from '../content/buffers';
import { createIdentify } from '../content/identify';
import { createScratch } from '../content/scratch';
import { judgedBy, judgedWith } from '../core/judged';
import { WorkflowDefinition } from '../core/workflow';
import type { Engine } from '../engines/contract';
import { judge } from '../judge/judge';
import { SEVENZIP } from '../unpack/fixtures/sevenzip';
import { makeZip } from '../unpack/fixtures/zip-maker';
import type { Job } from './host';
import { inspect } from './inspect';
import type { Ready } from './look';

const folder = mkdtempSync(join(tmpdir(), 'assay-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');
writeFileSync(path, 'nothing');

const open = { definitions: async () => ({ version: '1' }), scan: async () => ({ status: 'clean' as const }) };
const here: Ready = {
  engine: {
    id: 'here',
    name: 'Here',
    finds: ['Threat'],
    options: (z) => z.unknown(),
    open: async () => never(),
  } as Engine,
  settings: '',
  open: { ...open, close: async () => {} },
};
const never = (): never => {
  throw new Error('it is open already');
};

const textFile = async () => ({ mime: 'text/plain', description: 'text', container: false });

const job: Job = {
  id: 'f',
  place: { path },
  size: 7,
  engines: 'all',
  timeout: 1000,
  unpackBy: 'assay',
  limits: { depth: 1, files: 1, size: 1, expansion: 1, time: 1000 },
  passwords: [],
};

const look = async (engines: 'all' | string[]) => {
  const { signal } = new AbortController();
  const inspected = await inspect(
    { ...job, engines },
    {
      engines: [here],
      identify: textFile,
      scratch: createScratch(folder),
      buffers: createBuffers(),
      signal,
    },
  );
  if ('holds' in inspected) throw new Error('it was to be asked about');
  return inspected.findings;
};

test('an engine that the workflow names and that does not run has failed, so that the file is not clean', async () => {
  const findings = await look(['here', 'gone']);
  expect(findings.answers).toMatchObject([
    { engineId: 'here', status: 'clean' },
    { engineId: 'gone', status: 'failed', retry: false },
  ]);
  expect(judge(findings, WorkflowDefinition.parse({}))).toMatchObject({ state: 'Failed', decidedBy: 'gone' });
  const lenient = WorkflowDefinition.parse({ onEngineFailure: 'ignore' });
  expect(judge(findings, lenient)).toMatchObject({ state: 'Available', status: 'Allowed' });
  expect(judge(await look(['gone']), lenient)).toMatchObject({ state: 'Failed' });
});

test('only the engines that the workflow names are asked, or all', async () => {
  for (const engines of ['all' as const, ['here']]) {
    expect((await look(engines)).answers.map(({ engineId }) => engineId)).toEqual(['here']);
  }
});

test('memory is used again for the next file, but not what an engine may still hold that was given up', async () => {
  const buffers = createBuffers();
  const held: Uint8Array[] = [];
  let scan = async (bytes: Uint8Array) => void held.push(bytes);
  const reader: Ready = {
    ...here,
    open: {
      ...here.open,
      scan: async (file) => {
        await scan(await file.bytes());
        return { status: 'clean' };
      },
    },
  };
  const lookAt = async (content: string, signal = new AbortController().signal) => {
    writeFileSync(path, content);
    const scratch = createScratch(folder);
    return inspect(job, { engines: [reader], identify: textFile, scratch, buffers, signal });
  };
  const heldTexts = () => held.map((bytes) => Buffer.from(bytes).toString());

  await lookAt('first file');
  await lookAt('2nd');
  expect(heldTexts()).toEqual(['2ndst file', '2nd']);

  const giveUp = new AbortController();
  scan = async (bytes) => {
    held.push(bytes);
    giveUp.abort();
    throw new Error('given up');
  };
  await lookAt('held', giveUp.signal);
  scan = async () => {};
  await lookAt('other');
  expect(heldTexts()[2]).toBe('held');
});

test('each engine has a say on every archive, also one that unpacks by itself and there is nothing in it to ask about', async () => {
  const unpacking: Ready = { ...here, engine: { ...here.engine, id: 'unpacking', unpacks: true } };
  const engines = [here, unpacking];
  const letter = join(folder, 'letter.txt');
  writeFileSync(letter, 'dear all');
  const locked = join(folder, 'locked.zip');
  expect(Bun.spawnSync([SEVENZIP, 'a', '-bso0', '-psecret', locked, letter]).exitCode).toBe(0);
  const empty = makeZip([]);
  const archives = {
    empty,
    nested: makeZip([{ name: 'empty.zip', content: empty }]),
    beside: makeZip([
      { name: 'empty.zip', content: empty },
      { name: 'a.txt', content: 'dear all' },
    ]),
    plain: makeZip([{ name: 'a.txt', content: 'dear all' }]),
    locked: readFileSync(locked),
  };
  const now = judgedBy(
    'w',
    1,
    engines.map(({ engine, settings }) => ({ engineId: engine.id, settings, definitions: { version: '1' } })),
  );
  for (const [name, bytes] of Object.entries(archives)) {
    writeFileSync(path, bytes);
    const inspected = await inspect(
      { ...job, limits: { depth: 9, files: 9, size: 1e6, expansion: 100, time: 10_000 } },
      {
        engines: engines.map((ready) => ({ ...ready, definitions: { version: '1' } })),
        identify: createIdentify(),
        scratch: createScratch(folder),
        buffers: createBuffers(),
        signal: new AbortController().signal,
      },
    );
    if ('holds' in inspected) throw new Error('it was to be asked about');
    expect([name, judgedWith('w', 1, inspected.findings)]).toEqual([name, now]);
  }
});
