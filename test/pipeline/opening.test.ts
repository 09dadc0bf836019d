import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import { silentLog } from '../../src/core/log';
import { misbehaving, resultsOf, scanFolder, startTestApp, temporaryFolder, writeFiles } from './app';

const unopenable = join(import.meta.dir, '../fixtures/engines/unopenable.ts');

let folder: ReturnType<typeof temporaryFolder>;
let files: string;
let app: App;

beforeEach(() => {
  folder = temporaryFolder();
  files = join(folder.path, 'files');
  mkdirSync(files);
});
afterEach(async () => {
  await app?.stop();
  folder.remove();
});

/** Scans three files, one of them bad, with an engine beside that does not open in the way given. */
const scanBeside = async (way: string) => {
  writeFiles(files, { a: 'a', b: 'b', bad: 'bad' });
  const warned: unknown[] = [];
  app = await startTestApp(join(folder.path, 'data'), {
    log: { ...silentLog, warn: (what: unknown) => warned.push(what) } as typeof silentLog,
    engines: { engines: { misbehaving: {}, unopenable: { way } }, plugins: [misbehaving, unopenable] },
    patience: 100,
  });
  const { id } = await scanFolder(app, files);
  const results = await resultsOf(app, id);
  const [engine] = (await app.host.engines()).filter((state) => state.id === 'unopenable');
  const about = (name: string) => results.get(name)!.history[0]!.verdict;
  return { engine: engine!, about, warned };
};

describe('an engine that', () => {
  test.each([
    ['exit', 'worker exited with code: 5'],
    ['spin', 'an engine kept its thread from beginning'],
  ])('ends its thread, or holds it up, before it is open (%s) fails the files, and says so', async (way, reason) => {
    const { engine, about } = await scanBeside(way);
    for (const name of ['a', 'b', 'bad']) {
      expect(about(name)).toMatchObject({ resultCode: 3, state: 'Failed' });
      expect(about(name).explanation).toContain(reason);
    }
    expect(engine.state).toBe('failing');
    expect(engine.reason).toContain(reason);
  });

  test.each([
    ['never', 'it did not open within 0.1 s'],
    ['nothing', 'undefined'],
    ['function', 'can not be cloned'],
  ])('is not open (%s) has failed, and the others are asked all the same', async (way, reason) => {
    const { engine, about } = await scanBeside(way);
    expect(about('a')).toMatchObject({ resultCode: 3, state: 'Failed' });
    expect(about('a').explanation).toContain(reason);
    expect(about('bad')).toMatchObject({ resultCode: 1, status: 'Blocked' });
    expect(engine).toMatchObject({ state: 'failing', reason: expect.stringContaining(reason) });
  });

  test('could not be prepared is named in the log at the start', async () => {
    const { warned } = await scanBeside('function');
    expect(warned).toContainEqual({ engine: 'unopenable', reason: expect.stringContaining('can not be cloned') });
  });

  test('never says what its definitions are is failing, and its answers count', async () => {
    const { engine, about } = await scanBeside('definitions');
    expect(about('a')).toMatchObject({ resultCode: 0, status: 'Allowed' });
    expect(engine).toMatchObject({ state: 'failing', reason: 'it did not say what its definitions are within 0.1 s' });
  });
});
