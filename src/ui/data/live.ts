import type { QueryClient } from '@tanstack/react-query';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { applyEvents, type LiveEvent } from './live-events';
import type { News } from './news';
import type { Session } from './session';

export type LiveState = 'connecting' | 'live' | 'off';

/** The daemon's events, for as long as the page is open. */
export interface Live {
  state: () => LiveState;
  subscribe: (listener: () => void) => () => void;
  start: () => void;
  stop: () => void;
}

/** The daemon gives a sign of life every 5 s. Milliseconds. */
const SILENCE = 15_000;
const FLUSH = 1_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

const toEvent = ({ event, data }: EventSourceMessage): LiveEvent => ({ type: event, ...JSON.parse(data) });

/** Reads one stream to its end; settles when it ended, was silent for too long, or was aborted. */
const read = async (body: ReadableStream<Uint8Array>, abort: AbortController, tell: (event?: LiveEvent) => void) => {
  const parser = createParser({ onEvent: (message) => tell(toEvent(message)), onComment: () => tell() });
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let watch: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(watch);
    watch = setTimeout(() => abort.abort(), SILENCE);
  };
  try {
    for (;;) {
      listen();
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(value);
    }
  } finally {
    clearTimeout(watch);
  }
};

/** Keeps what the page shows up to date with what happens, and tries again for ever when the stream ends. */
export const createLive = (deps: { session: Session; queries: QueryClient; news: News }): Live => {
  const listeners = new Set<() => void>();
  let state: LiveState = 'off';
  let abort: AbortController | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let events: LiveEvent[] = [];

  const become = (next: LiveState) => {
    if (state === next) return;
    state = next;
    for (const listener of listeners) listener();
  };

  const flush = () => {
    const taken = events;
    events = [];
    applyEvents(taken, deps);
  };

  const take = (event?: LiveEvent) => {
    become('live');
    if (event === undefined) return;
    if (events.length === 0) setTimeout(flush, FLUSH);
    events.push(event);
  };

  const connect = async (wait: number): Promise<void> => {
    const mine = new AbortController();
    abort = mine;
    become('connecting');
    let heard = false;
    try {
      const response = await deps.session.fetch('/api/events', { signal: mine.signal });
      // What happened while nobody listened is only in the lists.
      if (wait > FIRST_WAIT) void deps.queries.invalidateQueries();
      if (response.body) {
        await read(response.body, mine, (event) => {
          heard = true;
          take(event);
        });
      }
    } catch {
      // Whatever ended it, it is begun again; when the sign-in has ended, the session says so.
    }
    if (abort !== mine) return;
    become('connecting');
    const next = heard ? FIRST_WAIT : Math.min(LONGEST_WAIT, wait * 2);
    retry = setTimeout(() => void connect(heard ? FIRST_WAIT * 2 : next), next);
  };

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => void connect(FIRST_WAIT),
    stop: () => {
      clearTimeout(retry);
      const running = abort;
      abort = undefined;
      running?.abort();
      become('off');
    },
  };
};
