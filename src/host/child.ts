import { writeFileSync } from 'node:fs';
import type { Reply, Request } from './messages';
import { createPool, type Pool } from './pool';

/** The main loop of `assay engine-host`: answers the daemon's requests until the daemon goes away. */
export const runEngineHost = (): void => {
  const send = process.send?.bind(process) as ((reply: Reply) => void) | undefined;
  if (send === undefined) {
    process.stderr.write('assay engine-host is started by the daemon, not by hand.\n');
    process.exit(64);
  }
  try {
    // The one that the kernel takes first when memory ends, and not the daemon.
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not everywhere allowed; the daemon's own limit holds all the same.
  }
  let pool: Promise<Pool> | undefined;
  process.on('disconnect', () => process.exit(0));
  process.on('SIGINT', () => {});
  process.on('message', async (request: Request) => {
    if (request.type === 'setup') {
      pool = createPool(request.setup);
      await pool.then(
        ({ failing }) => send({ type: 'ready', failing }),
        (error: unknown) => send({ type: 'unusable', reason: error instanceof Error ? error.message : String(error) }),
      );
      return;
    }
    const open = await pool;
    if (open === undefined) return;
    if (request.type === 'inspect')
      send({ type: 'inspected', id: request.id, outcomes: await open.inspect(request.jobs) });
    else send({ type: 'described', id: request.id, engines: await open.describe() });
  });
};
