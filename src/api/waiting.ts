import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import type { Waiting as CoreWaiting } from '../scans/reach';

/** Why the files of a storage wait. */
export const Waiting = z
  .object({
    reason: z.string(),
    hint: z.string().optional(),
    since: z.string(),
    nextTry: z.string().openapi({ description: 'When the storage is tried again.' }),
  })
  .openapi('Waiting', { description: 'The storage is away: its files wait, and go on by themselves when it is back.' });

export const toWaitingJson = (waiting: CoreWaiting | undefined) =>
  waiting && { ...waiting, since: toRfc3339(waiting.since), nextTry: toRfc3339(waiting.nextTry) };
