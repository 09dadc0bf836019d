import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assay, environment } from './assay';

export interface RunningDaemon {
  pid: number;
  socket: string;
  /** Asks the API over the daemon's socket; the body, parsed. */
  api: (path: string, init?: RequestInit) => Promise<any>;
  status: (path: string, init?: RequestInit) => Promise<number>;
  /** All that it wrote so far. */
  output: () => string;
  exited: Promise<number>;
  kill: (signal: NodeJS.Signals) => Promise<number>;
}

export interface DaemonOptions {
  cwd: string;
  args?: string[];
  /** A program with arguments that starts the daemon: `['setpriv', '--reuid=65534']`. */
  through?: string[];
  env?: { [name: string]: string };
}

/** Asks again and again until the answer is there; a condition, not a time. */
export const until = async <T>(ask: () => Promise<T | undefined | false>): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await Bun.sleep(20);
  }
};

/** Starts `assay serve` and waits until it is ready; throws what it wrote when it ends instead. */
export const startDaemon = async ({
  cwd,
  args = [],
  through = [],
  env = {},
}: DaemonOptions): Promise<RunningDaemon> => {
  mkdirSync(cwd, { recursive: true });
  const dataDir = join(cwd, 'state');
  const socket = join(dataDir, 'assay.sock');
  const command = [...through, ...assay, 'serve', '--data-dir', dataDir, '--listen', '127.0.0.1:0', ...args];
  const child = Bun.spawn(command, { cwd, env: environment(env), stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  let output = '';
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const piece of stream) output += decoder.decode(piece, { stream: true });
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);

  const fetchApi = (path: string, init: RequestInit = {}) =>
    fetch(`http://localhost${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
      unix: socket,
    });

  let ended: number | undefined;
  const exited = child.exited.then((code) => {
    ended = code;
    return code;
  });
  await until(async () => {
    if (ended !== undefined) {
      await reading;
      throw new Error(`the daemon ended with ${ended}: ${output}`);
    }
    return output.includes('"msg":"ready"');
  });

  return {
    pid: child.pid,
    socket,
    api: async (path, init) => (await fetchApi(path, init)).json(),
    status: async (path, init) => (await fetchApi(path, init)).status,
    output: () => output,
    exited,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
};

export const post = (body: unknown = {}): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

/** Waits until a scan is in one of these states, and returns it. */
export const scanIs = (daemon: RunningDaemon, id: string, ...states: string[]) =>
  until(async () => {
    const scan = await daemon.api(`/api/scan/${id}`);
    return states.includes(scan.state) && scan;
  });

/** All files of a scan, page by page. */
export const filesOf = async (daemon: RunningDaemon, scanId: string): Promise<any[]> => {
  const files: any[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await daemon.api(`/api/scan/${scanId}/files?limit=1000${cursor ? `&cursor=${cursor}` : ''}`);
    files.push(...page.entries);
    cursor = page.nextCursor;
  }
  return files;
};
