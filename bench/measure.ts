import { readdirSync, readFileSync } from 'node:fs';

/** Jiffies a second of /proc: 100 on every Linux that Bun runs on. */
const HZ = 100;
/** Seconds. */
const PATIENCE = Number(process.env.BENCH_PATIENCE ?? 20);

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** /proc/PID/stat behind the name, which may hold anything; fields are numbered from 3 (proc_pid_stat(5)). */
const statOf = (pid: number): string[] =>
  read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');

export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');

export const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((other) => other > 0 && Number(statOf(other)[1]) === pid);

/** CPU seconds of a process so far, those of its children that ended included. */
export const cpuSeconds = (pid: number): number =>
  [11, 12, 13, 14].reduce((sum, field) => sum + Number(statOf(pid)[field] ?? 0), 0) / HZ;

export interface Memory {
  rss: number;
  pss: number;
  anonymous: number;
}

const KB = (text: string, key: string): number =>
  Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;

/** Resident memory of some processes together. Bytes. */
export const memoryOf = (pids: number[]): Memory => {
  const sum = { rss: 0, pss: 0, anonymous: 0 };
  for (const pid of pids) {
    const text = read(`/proc/${pid}/smaps_rollup`);
    sum.rss += KB(text, 'Rss');
    sum.pss += KB(text, 'Pss');
    sum.anonymous += KB(text, 'Anonymous');
  }
  return sum;
};

/** The highest resident memory, and of it the part that is no file's, that some processes had together. Bytes. */
export interface Peak {
  rss: number;
  anonymous: number;
}

/** Follows the memory of some processes by the figures that cost next to nothing (proc_pid_status(5)); `stop` tells the highest sums. */
export const watchMemory = (pids: () => number[], every = 200) => {
  const peak: Peak = { rss: 0, anonymous: 0 };
  const look = () => {
    const texts = pids().map((pid) => read(`/proc/${pid}/status`));
    const sum = (key: string) => texts.reduce((total, text) => total + KB(text, key), 0);
    peak.rss = Math.max(peak.rss, sum('VmRSS'));
    peak.anonymous = Math.max(peak.anonymous, sum('RssAnon'));
  };
  const timer = setInterval(look, every);
  return {
    stop: (): Peak => {
      look();
      clearInterval(timer);
      return peak;
    },
  };
};

/** CPU seconds that the whole machine has spent so far (proc_stat(5)). */
const machineSeconds = (): number => {
  const [user, nice, system, , , irq, softirq] = read('/proc/stat').split('\n')[0]!.split(/\s+/).slice(1).map(Number);
  return (user! + nice! + system! + irq! + softirq!) / HZ;
};

/** CPU seconds that others spent meanwhile, given what we ourselves did. */
export const watchOthers = () => {
  const before = machineSeconds() - cpuSeconds(process.pid);
  return (ours: number): number => Math.max(0, machineSeconds() - cpuSeconds(process.pid) - before - ours);
};

/** Waits a while for a second in which nobody else uses more than a tenth of a core. */
export const quiet = async (): Promise<void> => {
  for (let tries = 0; tries < PATIENCE; tries++) {
    const others = watchOthers();
    await Bun.sleep(1000);
    if (others(0) < 0.1) return;
  }
};
