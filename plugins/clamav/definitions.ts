import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Definitions } from '../../src/engines/contract';
import type { createAlerts } from './alerts';
import { command } from './send';
import type { Sessions } from './sessions';

const FRESH_FOR = 5_000;

/** Names, sizes and times of the signature files; the daily ones are left out, for clamd's own version number stands for them. */
const filesIn = (folder: string | undefined): string => {
  if (!folder) return '';
  try {
    return readdirSync(folder)
      .filter((name) => /\.\w+$/.test(name) && !/^(daily\.|freshclam\.dat|mirrors\.dat)|\.(tmp|log|sign)$/.test(name))
      .sort()
      .map((name) => {
        const { size, mtimeMs } = statSync(join(folder, name));
        return `${name} ${size} ${mtimeMs}`;
      })
      .join('\n');
  } catch {
    return '';
  }
};

const ask = async (sessions: Sessions, name: string): Promise<string> => {
  const outcome = await sessions.ask(command(name));
  if ('reply' in outcome) return outcome.reply;
  throw new Error(`clamd did not answer ${name}: ${'lost' in outcome ? outcome.lost : outcome.ended}`);
};

const dateOf = (text: string | undefined): string | undefined => {
  // cli_ctime: "Thu Oct 16 08:10:22 2026", in clamd's time zone, which is taken for ours.
  const time = text ? new Date(text) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
};

/**
 * What clamd would answer by, asked at most every 5 s. clamd numbers only the official daily signatures; for all others the version
 * also carries a hash of what is known of them: the listing of the database folder where it can be read, the memory that the loaded
 * signatures take (by the KB), and whether clamd alerts on what it could not look into.
 */
export const createDefinitions = (sessions: Sessions, alerts: ReturnType<typeof createAlerts>, folder?: string) => {
  let cached: { definitions: Promise<Definitions>; at: number } | undefined;
  let memory = '';

  const load = async (): Promise<Definitions> => {
    const [version = '', number, time] = (await ask(sessions, 'VERSION')).split('/');
    const stats = await ask(sessions, 'STATS');
    // Two pools: signatures are being loaded beside the old ones, which still answer.
    const used = / pools 1 pools_used (\S+)/.exec(stats)?.[1];
    memory = used ?? memory;
    const rest = [filesIn(folder), memory, JSON.stringify(await alerts.get())].join('\0');
    const own = new Bun.CryptoHasher('sha256').update(rest).digest('hex').slice(0, 8);
    return { version: `${number ? `${version}/${number}` : version} ${own}`, date: dateOf(time) };
  };

  return (): Promise<Definitions> => {
    if (cached && performance.now() - cached.at < FRESH_FOR) return cached.definitions;
    const definitions = load();
    const mine = { definitions, at: performance.now() };
    cached = mine;
    definitions.catch(() => {
      if (cached === mine) cached = undefined;
    });
    return definitions;
  };
};
