import type { Run } from './figures';
import { childrenOf, cpuSeconds, memoryOf, watchMemory, watchOthers } from './measure';

export interface PeerOptions {
  command: string[];
  files: number;
  bytes: number;
  /** Processes that work for it, by name. */
  also?: { [process: string]: number };
  /** Exit codes that are no failure. */
  accepts?: number[];
  /** Watch what it starts as well, and tell the memory of all of them together. */
  family?: boolean;
}

const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** Runs another program over the corpus. */
export const runPeer = async ({
  command,
  files,
  bytes,
  also = {},
  accepts = [0],
  family,
}: PeerOptions): Promise<Run> => {
  const before = Object.fromEntries(Object.entries(also).map(([name, pid]) => [name, cpuSeconds(pid)]));
  const others = watchOthers();
  const begun = performance.now();
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const memory = watchMemory(() => (family ? familyOf(child.pid) : [child.pid]));
  const code = await child.exited;
  const seconds = (performance.now() - begun) / 1000;
  const peak = memory.stop();
  if (!accepts.includes(code))
    throw new Error(`${command[0]} ended with ${code}: ${await new Response(child.stderr).text()}`);
  const name = command[0]!.split('/').at(-1)!;
  const usage = child.resourceUsage()!;
  const cpu: Run['cpu'] = { [name]: Number(usage.cpuTime.total) / 1e6 };
  for (const [process, pid] of Object.entries(also)) cpu[process] = cpuSeconds(pid) - before[process]!;
  const spent = Object.values(cpu).reduce((sum, value) => sum + value, 0);
  // What it used has become our children's: it is not another's.
  return {
    seconds,
    files,
    bytes,
    cpu,
    // What the kernel tells of a child begins with what this process had when it was forked.
    peak: family ? peak : { ...peak, rss: Math.max(peak.rss, usage.maxRSS) },
    others: others(spent - cpu[name]!),
  };
};

export const residentOf = (pid: number): number => memoryOf([pid]).rss;
