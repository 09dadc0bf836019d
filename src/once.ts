import { accessSync, constants, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type AppOptions, startApp } from './app';
import type { EngineState } from './core/engine';
import { Fault } from './core/fault';
import { newId } from './core/id';
import { WorkflowDefinition } from './core/workflow';
import type { FileOutcome } from './scans/scans';
import { createRoots, type Root } from './storages/roots';
import type { WalkRules } from './storages/walk';

export interface OnceOptions extends Omit<AppOptions, 'dataDir' | 'database' | 'createOpenBackend' | 'failed'> {
  roots: AsyncIterable<Root>;
  /** Bytes to look into as well, under the name `stdin`. */
  stdin?: AsyncIterable<Uint8Array>;
  rules: Omit<WalkRules, 'excluded' | 'unlistable'>;
  workflow?: WorkflowDefinition;
  /** To try on what is encrypted, in their order. */
  passwords: string[];
  /** Ends it early; it then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Called for each file when its result is there. */
  onFile: (file: FileOutcome) => void;
}

export interface Once {
  engines: EngineState[];
  /** Files without a result; more than none is a failure. */
  missing: number;
  /** Why not all files were found. */
  error?: string;
}

/** Where temporary data is kept: on a disk, if it can be, because the results of millions of files do not belong in memory. */
const temporaryFolder = (): string => {
  if (process.env.TMPDIR) return tmpdir();
  try {
    accessSync('/var/tmp', constants.W_OK | constants.X_OK);
    return '/var/tmp';
  } catch {
    return tmpdir();
  }
};

const makePrivateFolder = (): string => {
  const parent = temporaryFolder();
  try {
    return realpathSync(mkdtempSync(join(parent, 'assay-scan-')));
  } catch (cause) {
    throw new Fault('NOT_POSSIBLE', `No temporary folder can be made in ${parent}: ${(cause as Error).message}`, {
      hint: 'Name a folder that you may write to in TMPDIR.',
      cause,
    });
  }
};

/** Copies bytes into a new file, so that they can be looked into like one. */
const spool = async (bytes: AsyncIterable<Uint8Array>, path: string, aborted: Promise<never>): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    const iterator = bytes[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      await file.writeFile(next.value);
    }
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ENOSPC') throw cause;
    throw new Fault('DISK_FULL', 'There is no room left to keep what comes from standard input.', {
      hint: 'Free some space there, or name another folder in TMPDIR.',
      cause,
    });
  } finally {
    await file.close();
  }
};

async function* withStdin(roots: AsyncIterable<Root>, stdin: string | undefined): AsyncGenerator<Root, void> {
  if (stdin !== undefined) yield { shown: 'stdin', path: stdin };
  yield* roots;
}

const runOnce = async (app: App, options: OnceOptions, ended: Promise<never>): Promise<Once> => {
  const { store, host, scans } = app;
  let told = 0;
  scans.listen((event) => {
    if (event.type !== 'file') return;
    told += 1;
    options.onFile(event);
  });
  const storage = { id: newId(), name: 'once', options: { kind: 'local' as const, path: '/' }, createdAt: Date.now() };
  await store.storages.put(storage);
  const workflow = {
    id: newId(),
    name: 'once',
    revision: 1,
    // Looking once acts on nothing.
    definition: WorkflowDefinition.parse({ ...options.workflow, remediation: undefined }),
    createdAt: Date.now(),
    passwords: options.passwords,
  };
  await store.workflows.insert(workflow, false);

  const engines = host.engines();
  const { id } = await scans.start({ storageId: storage.id, workflowId: workflow.id }, 'local');
  await Promise.race([scans.ended(id), ended]);
  const scan = await store.scans.find(id);
  const states = await Promise.race([engines, ended]);
  // What is kept is told a moment later; after the stop, all of it was.
  await scans.stop();
  return { engines: states, missing: (scan?.counts.total ?? 0) - told, error: scan?.error };
};

/**
 * Looks into files once, with rooms of its own over a private folder that is gone afterwards, however it ends.
 * @throws Fault as startApp, NOT_POSSIBLE without a place for the folder; the signal's reason when it is aborted
 */
export const scanOnce = async (options: OnceOptions): Promise<Once> => {
  const { signal, roots, rules, stdin } = options;
  const dir = makePrivateFolder();
  const remove = () => rmSync(dir, { recursive: true, force: true });
  process.once('exit', remove);
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  ended.catch(() => {});
  signal.addEventListener('abort', () => end(signal.reason), { once: true });
  let app: App | undefined;
  try {
    const spooled = stdin === undefined ? undefined : join(dir, 'stdin');
    if (stdin !== undefined && spooled !== undefined) await spool(stdin, spooled, ended);
    signal.throwIfAborted();
    app = await startApp({
      ...options,
      dataDir: join(dir, 'data'),
      database: undefined,
      createOpenBackend: () => {
        const backend = createRoots(withStdin(roots, spooled), { ...rules, excluded: new Set([dir]) });
        return async () => backend;
      },
      failed: end,
    });
    return await runOnce(app, options, ended);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await app?.stop();
    remove();
    process.off('exit', remove);
  }
};
