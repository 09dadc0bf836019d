import type { Server } from 'bun';

/** How many events there are between two looks at the clock. Milliseconds. */
const STEP = 20;

export interface Flood {
  url: string;
  /** How many events were given to the page since the last time. */
  sent: () => number;
  stop: () => Promise<void>;
}

/**
 * Stands before a daemon and hands everything on, but `GET /api/events`: that is a stream of results at a steady rate, of these files in turn,
 * of which every other one is found to be a threat.
 */
export const openFlood = (daemon: string, scanId: string, fileIds: string[], rate: number): Flood => {
  let count = 0;
  let next = 0;
  const message = (): string => {
    const bad = next % 2 === 0;
    const fileId = fileIds[next++ % fileIds.length];
    const outcome = bad
      ? { state: 'Available', status: 'Blocked', scanAllResultI: 1, scanAllResultA: 'Infected', detections: ['Threat'] }
      : {
          state: 'Available',
          status: 'Allowed',
          scanAllResultI: 0,
          scanAllResultA: 'No Threat Detected',
          detections: [],
        };
    return `event: file\ndata: ${JSON.stringify({ scanId, fileId, ...outcome })}\n\n`;
  };

  const events = (): Response => {
    let timer: Timer | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (out) => {
        const encoder = new TextEncoder();
        const begun = performance.now();
        let given = 0;
        timer = setInterval(() => {
          const due = Math.floor(((performance.now() - begun) / 1000) * rate);
          let text = '';
          count += due - given;
          for (; given < due; given++) text += message();
          if (text !== '') out.enqueue(encoder.encode(text));
        }, STEP);
      },
      cancel: () => clearInterval(timer),
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' } });
  };

  const server: Server<undefined> = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    fetch: (request) => {
      const { pathname, search } = new URL(request.url);
      if (pathname === '/api/events') return events();
      return fetch(`${daemon}${pathname}${search}`, {
        method: request.method,
        headers: request.headers,
        body: request.body,
        decompress: false,
      });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    sent: () => {
      const sent = count;
      count = 0;
      return sent;
    },
    stop: () => server.stop(true),
  };
};
