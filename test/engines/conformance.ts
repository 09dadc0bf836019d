import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Answer, Engine, EngineFile, EngineLog, OpenEngine } from '../../src/engines/contract';
import { openFile, unreadable } from './file';

export { openFile, unreadable } from './file';

type Content = () => Uint8Array;
type Options = object | (() => object | Promise<object>);

export interface Conformance {
  engine: Engine;
  /** What a user would write; a function runs after `beforeAll` hooks of the test file that were registered earlier. */
  options: Options;
  infected: Content;
  clean: Content;
  /** False for an engine that judges by the hashes alone, and so never notices that a file cannot be read. */
  readsContent?: boolean;
  /** Options under which `content` is above the engine's size limit. */
  tooBig?: { options: Options; content: Content };
  /** Content that keeps the engine busy under `options` until it is cancelled, and, under `limited`, until its own time limit. */
  hang?: { content: Content; options?: Options; limited?: Options };
}

export const quiet: EngineLog = { debug: () => {}, info: () => {}, warn: () => {} };

export interface Opened extends OpenEngine, AsyncDisposable {
  /** Opens one more instance on the same prepared data, as a second thread does. */
  again: () => Promise<OpenEngine>;
}

/** Brings an engine up as the engine host does: options parsed, prepared once, its result cloned to the thread. */
export const openEngine = async (engine: Engine, given: Options, log: EngineLog = quiet): Promise<Opened> => {
  const options = engine.options(z).parse(typeof given === 'function' ? await given() : given);
  const prepared = await engine.prepare?.(options, { log });
  const thread = new AbortController();
  const open = () => engine.open(options, { log, signal: thread.signal, prepared: structuredClone(prepared) });
  const first = await open();
  const dispose = async () => {
    thread.abort();
    await first.close();
  };
  return { ...first, again: open, [Symbol.asyncDispose]: dispose };
};

const HOSTILE_NAMES = [
  '-rf',
  '$(touch pwned)',
  '`id`',
  "'; exit 1 #",
  'line\nbreak: OK',
  '%s%n%x',
  'ünïcödé 🦠',
  '--help',
  'a b\t"c"',
  '|cat',
  'x: Eicar FOUND',
];

/** Registers the tests every engine must pass, under the name given. */
export const conformance = (name: string, subject: Conformance): void => {
  const { engine, clean, infected } = subject;
  setDefaultTimeout(60_000); // engines may be slow to start; nothing here depends on time

  describe(`${name} conforms`, () => {
    let folder = '';
    let count = 0;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const write = (content: Uint8Array, fileName = `file-${count++}`) => {
      const path = join(folder, fileName);
      writeFileSync(path, content);
      return path;
    };
    const scan = async (opened: OpenEngine, content: Uint8Array, fileName?: string): Promise<Answer> => {
      using file = openFile(write(content, fileName));
      return await opened.scan(file, { signal: new AbortController().signal });
    };
    const scanFile = (opened: OpenEngine, file: EngineFile) =>
      opened.scan(file, { signal: new AbortController().signal });
    const expectFound = (answer: Answer) => {
      expect(answer.status).toBe('detected');
      if (answer.status !== 'detected') return;
      expect(answer.name).not.toBe('');
      expect(engine.finds).toContain(answer.kind);
    };
    const expectReason = (answer: Answer, ...statuses: Answer['status'][]) => {
      expect(statuses).toContain(answer.status);
      if ('reason' in answer) expect(answer.reason).not.toBe('');
    };

    test('a clean file is clean', async () => {
      await using opened = await openEngine(engine, subject.options);
      expect(await scan(opened, clean())).toEqual({ status: 'clean' });
    });

    test('an infected file is detected, with a name and a kind the engine says it finds', async () => {
      await using opened = await openEngine(engine, subject.options);
      expectFound(await scan(opened, infected()));
    });

    test('a clean file after an infected one is clean, and the other way round', async () => {
      await using opened = await openEngine(engine, subject.options);
      expectFound(await scan(opened, infected()));
      expect(await scan(opened, clean())).toEqual({ status: 'clean' });
      expectFound(await scan(opened, infected()));
    });

    test('an empty file is clean', async () => {
      await using opened = await openEngine(engine, subject.options);
      expect(await scan(opened, new Uint8Array())).toEqual({ status: 'clean' });
    });

    if (subject.readsContent !== false) {
      test('a file that cannot be read has failed, be it small or large', async () => {
        await using opened = await openEngine(engine, subject.options);
        using file = openFile(write(clean()));
        expectReason(await scanFile(opened, unreadable(file)), 'failed');
        expectReason(await scanFile(opened, unreadable(file, 64 * 1024 * 1024)), 'failed');
        expectFound(await scan(opened, infected()));
      });
    }

    test('concurrent scans on one instance give each file its own answer', async () => {
      await using opened = await openEngine(engine, subject.options);
      const order = Array.from({ length: 32 }, (_, i) => i % 3 === 0);
      const answers = await Promise.all(order.map((bad) => scan(opened, bad ? infected() : clean())));
      expect(answers.map((answer) => answer.status)).toEqual(order.map((bad) => (bad ? 'detected' : 'clean')));
    });

    test('a file keeps its answer whatever its name', async () => {
      await using opened = await openEngine(engine, subject.options);
      for (const hostile of HOSTILE_NAMES) {
        expect(await scan(opened, clean(), hostile)).toEqual({ status: 'clean' });
        expectFound(await scan(opened, infected(), hostile));
      }
    });

    test('definitions are stable, the same in each thread, and not empty', async () => {
      await using opened = await openEngine(engine, subject.options);
      const other = await opened.again();
      const definitions = await opened.definitions();
      expect(definitions.version).toMatch(/\S/);
      if (definitions.date !== undefined) expect(new Date(definitions.date).toISOString()).toBe(definitions.date);
      await scan(opened, infected());
      expect(await opened.definitions()).toEqual(definitions);
      expect(await other.definitions()).toEqual(definitions);
      await other.close();
    });

    test('closing one thread leaves the others working, and closing twice is safe', async () => {
      await using opened = await openEngine(engine, subject.options);
      const other = await opened.again();
      await other.close();
      await other.close();
      expectFound(await scan(opened, infected()));
    });

    test('an option it does not know is refused', async () => {
      const options = typeof subject.options === 'function' ? await subject.options() : subject.options;
      expect(engine.options(z).safeParse(options).success).toBe(true);
      expect(engine.options(z).safeParse({ ...options, noSuchOption: 1 }).success).toBe(false);
    });

    test('a scan that was cancelled before it began settles, and the next file has its answer', async () => {
      await using opened = await openEngine(engine, subject.options);
      using file = openFile(write(infected()));
      const settled = await Promise.allSettled([opened.scan(file, { signal: AbortSignal.abort() })]);
      if (settled[0].status === 'fulfilled') expect(settled[0].value.status).not.toBe('clean');
      expect(await scan(opened, clean())).toEqual({ status: 'clean' });
    });

    // What an engine cannot do is not registered: a skipped test would look like one that somebody still owes.
    const { tooBig, hang } = subject;

    if (tooBig) {
      test('a file above the size limit is skipped with a reason', async () => {
        await using opened = await openEngine(engine, tooBig.options);
        expectReason(await scan(opened, tooBig.content()), 'skipped');
      });
    }

    if (hang) {
      test('a scan that hangs ends soon after it is cancelled, and is not clean', async () => {
        await using opened = await openEngine(engine, hang.options ?? subject.options);
        using file = openFile(write(hang.content()));
        const cancel = new AbortController();
        const scanning = Promise.allSettled([opened.scan(file, { signal: cancel.signal })]);
        setTimeout(() => cancel.abort(), 50);
        const [settled] = await scanning;
        if (settled!.status === 'fulfilled') expectReason(settled!.value, 'failed', 'skipped');
      });
    }

    const limited = hang?.limited;
    if (hang && limited) {
      test('a scan that hangs ends by the time limit, and is not clean', async () => {
        await using opened = await openEngine(engine, limited);
        expectReason(await scan(opened, hang.content()), 'failed', 'skipped');
        expect(await scan(opened, clean())).toEqual({ status: 'clean' });
      });
    }
  });
};
