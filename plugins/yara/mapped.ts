import { dlopen, type Pointer } from 'bun:ffi';
import { fstatSync } from 'node:fs';
import workerSource from './mapped.worker.mjs' with { type: 'text' };
import { libraryPath, MAX_MATCHES, type RuleMatch } from './native';

const PROT_READ = 1;
const MAP_PRIVATE = 2;
const MADV_SEQUENTIAL = 2;
const MADV_DONTNEED = 4;
/** Milliseconds between releases of the pages a scan has gone over: at 5 GB a second, 20 MB come in between. */
const RELEASE_EVERY = 4;

const openLibc = () =>
  dlopen('libc.so.6', {
    mmap: { args: ['ptr', 'u64', 'i32', 'i32', 'i32', 'i64'], returns: 'ptr' },
    munmap: { args: ['ptr', 'u64'], returns: 'i32' },
    madvise: { args: ['ptr', 'u64', 'i32'], returns: 'i32' },
  });

type Reply = { matches: RuleMatch[] } | { error: string };

export interface MappedScanner {
  /** Rejects with what the library says, or with the signal's reason as soon as it aborts. */
  scan: (fd: number, size: number, signal: AbortSignal) => Promise<RuleMatch[]>;
  close: () => void;
}

/**
 * Scans large files of up to 4 GiB whole, without reading them into memory: the open descriptor is mapped and a worker of its own
 * goes over it, one file at a time, while this thread keeps giving the pages back to the kernel. Nothing of the rules is lost
 * (`filesize`, offsets, counts and modules see the entire file), as they would be with windows.
 *
 * The price of a mapping: a file that another program truncates during its scan, or whose disk fails, ends the process with SIGBUS,
 * and a cancelled scan goes on unseen until its end or the library's time limit.
 */
export const createMappedScanner = (rules: SharedArrayBuffer, timeout: number): MappedScanner => {
  const closed = new AbortController();
  let libc: ReturnType<typeof openLibc> | undefined;
  let worker: Worker | undefined;
  let release: Timer | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const startWorker = () => {
    const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
    const started = new Worker(url);
    started.addEventListener('close', () => URL.revokeObjectURL(url));
    started.unref();
    started.postMessage({ library: libraryPath(), rules, timeout, maxMatches: MAX_MATCHES });
    return started;
  };

  const ask = (address: number, size: number) =>
    new Promise<RuleMatch[]>((resolve, reject) => {
      worker ??= startWorker();
      worker.ref();
      worker.onmessage = ({ data }: MessageEvent<Reply>) =>
        'error' in data ? reject(new Error(data.error)) : resolve(data.matches);
      worker.onerror = ({ message }) => {
        worker?.terminate();
        worker = undefined;
        reject(new Error(message));
      };
      worker.postMessage({ address, size });
    });

  const scanMapped = async (fd: number, size: number) => {
    if (fstatSync(fd).size !== size) throw new Error('the file changed its size');
    libc ??= openLibc();
    const { mmap, madvise, munmap } = libc.symbols;
    const address = Number(mmap(null, size, PROT_READ, MAP_PRIVATE, fd, 0));
    if (!Number.isSafeInteger(address) || address <= 0) throw new Error('the file cannot be mapped into memory');
    const pointer = address as Pointer;
    madvise(pointer, size, MADV_SEQUENTIAL);
    release = setInterval(() => madvise(pointer, size, MADV_DONTNEED), RELEASE_EVERY);
    try {
      return await ask(address, size);
    } finally {
      clearInterval(release);
      release = undefined;
      munmap(pointer, size);
      worker?.unref();
      if (closed.signal.aborted) worker?.terminate();
    }
  };

  return {
    scan: (fd, size, signal) =>
      new Promise((resolve, reject) => {
        const either = AbortSignal.any([signal, closed.signal]);
        const abort = () => reject(either.reason);
        if (either.aborted) return abort();
        either.addEventListener('abort', abort, { once: true });
        last = last
          .then(() => (either.aborted ? undefined : scanMapped(fd, size)))
          .then((matches) => matches && resolve(matches), reject)
          .finally(() => either.removeEventListener('abort', abort));
      }),
    close: () => {
      closed.abort(new Error('the engine was closed'));
      // The native scan cannot be stopped: what holds its pages goes when it ends, without keeping the thread alive for it.
      release?.unref();
      if (release) worker?.unref();
      else worker?.terminate();
    },
  };
};
