import { createRoute, z } from '@hono/zod-openapi';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { RESULTS } from '../core/result';
import type { ScanEvent } from '../scans/scans';
import type { ApiDeps } from './deps';
import { needs } from './gate';
import { createRouter } from './router';
import { toScanJson } from './scan';

/** More often than Bun ends a connection on which nothing comes (10 s). */
const HEARTBEAT = 5_000;
/** How many events wait for a client that reads slowly. */
const MAX_PENDING = 1_000;

const listen = createRoute({
  method: 'get',
  path: '/',
  tags: ['Events'],
  summary: 'Progress and results as they happen, as server-sent events `scan`, `rescan`, `file` and `lost`',
  middleware: needs('viewer'),
  responses: {
    200: {
      description:
        '`lost` says how many events were left out because they were not read in time: read the lists again.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
  },
});

const toMessage = (event: ScanEvent) => {
  if (event.type === 'scan') return { event: 'scan', data: JSON.stringify(toScanJson(event.scan, event.waiting)) };
  if (event.type === 'rescan')
    return { event: 'rescan', data: JSON.stringify({ rescanId: event.rescanId, state: 'finished' }) };
  const { type, verdict, ...file } = event;
  const { state, status, resultCode, detections } = verdict;
  const outcome = { state, status, scanAllResultI: resultCode, scanAllResultA: RESULTS[resultCode], detections };
  return { event: type, data: JSON.stringify({ ...file, ...outcome }) };
};

/** What happens, kept until it is read; beyond a bound it is only counted. */
const createMailbox = (scans: ApiDeps['scans']) => {
  let pending: ScanEvent[] = [];
  let lost = 0;
  let wake = (): void => {};
  const stop = scans.listen((event) => {
    if (pending.length < MAX_PENDING) pending.push(event);
    else lost++;
    wake();
  });

  return {
    take: () => {
      const taken = { events: pending, lost };
      pending = [];
      lost = 0;
      return taken;
    },
    /** Settles when something is there, or after a time. */
    wait: async (ms: number): Promise<void> => {
      if (pending.length > 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      wake = resolve;
      await promise;
      clearTimeout(timer);
    },
    close: () => {
      stop();
      wake();
    },
  };
};

const send = async (stream: SSEStreamingApi, { events, lost }: { events: ScanEvent[]; lost: number }) => {
  for (const event of events) await stream.writeSSE(toMessage(event));
  if (lost > 0) await stream.writeSSE({ event: 'lost', data: JSON.stringify({ count: lost }) });
  if (events.length === 0) await stream.write(': still here\n\n');
};

/** @param heartbeat milliseconds between signs of life; whether the client is still signed in is asked as often */
export const createEventRoutes = ({ scans, auth, log }: ApiDeps, heartbeat = HEARTBEAT) =>
  createRouter().openapi(listen, (c) => {
    const mailbox = createMailbox(scans);
    const check = async () => {
      if (c.env?.socket !== true) await auth.identify(c.req.raw.headers);
    };
    return streamSSE(c, async (stream) => {
      stream.onAbort(mailbox.close);
      try {
        let checkedAt = performance.now();
        while (!stream.aborted && !stream.closed) {
          await send(stream, mailbox.take());
          await mailbox.wait(heartbeat);
          if (performance.now() - checkedAt < heartbeat) continue;
          await check();
          checkedAt = performance.now();
        }
      } catch (error) {
        log.debug({ err: error }, 'an event stream ended');
      } finally {
        mailbox.close();
      }
    });
  });
