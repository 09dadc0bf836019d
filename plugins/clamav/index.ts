import type { Answer, Engine, EngineFile } from '../../src/engines/contract';
import { createAlerts } from './alerts';
import { createDefinitions } from './definitions';
import { openDescriptors } from './descriptor';
import { DEFAULT_LIMITS, type Limits, loadConfig, whyNotLooked } from './limits';
import { answerOf } from './reply';
import { byDescriptor, inStream } from './send';
import { createSessions } from './sessions';

const DEBIAN = { socket: '/run/clamav/clamd.ctl', config: '/etc/clamav/clamd.conf' };

/** Types that hold no other files. */
const PLAIN = /^(text\/|application\/octet-stream$)/;

interface Options {
  socket?: string;
  host?: string;
  port: number;
  sessions: number;
  timeout: number;
  transfer: 'auto' | 'fildes' | 'instream';
  config?: string;
  limits: Partial<Limits>;
}

const orAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) reject(new Error('cancelled'));
    signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
    promise.then(resolve, reject);
  });

const configOf = (options: Options, socket: string | undefined) => {
  if (options.config) return loadConfig(options.config);
  if (!socket) return undefined;
  try {
    return loadConfig(DEBIAN.config, socket);
  } catch {
    return undefined;
  }
};

export default {
  id: 'clamav',
  name: 'ClamAV',
  unpacks: true,
  finds: ['Threat', 'Suspicious', 'PotentiallyUnwanted', 'Encrypted', 'Unscannable', 'SensitiveData'],
  options: (z) => {
    const size = z.number().int().nonnegative();
    return z
      .strictObject({
        socket: z.string().optional().describe(`clamd's Unix socket; ${DEBIAN.socket} unless a host is named.`),
        host: z.string().optional().describe("clamd's host, for TCP."),
        port: z.number().int().min(1).max(65_535).default(3310).describe("clamd's TCP port."),
        sessions: z.number().int().min(1).max(64).default(4).describe('Connections kept by each worker thread.'),
        timeout: z.number().int().positive().default(300_000).describe('Longest wait for one reply, in milliseconds.'),
        transfer: z
          .enum(['auto', 'fildes', 'instream'])
          .default('auto')
          .describe(
            'How clamd gets the bytes: by descriptor over a Unix socket, or sent. "auto" takes the first that works.',
          ),
        config: z
          .string()
          .optional()
          .describe(`clamd's clamd.conf, read for its limits; ${DEBIAN.config} if it is that clamd's.`),
        limits: z
          .strictObject({
            maxFileSize: size.optional(),
            maxScanSize: size.optional(),
            maxScanTime: size.optional(),
            streamMaxLength: size.optional(),
          })
          .default({})
          .describe("clamd's limits where its configuration cannot be read: bytes and milliseconds, 0 for none."),
      })
      .refine((options) => !(options.socket && options.host), 'socket and host exclude each other')
      .refine((options) => !(options.host && options.transfer === 'fildes'), 'fildes needs a Unix socket');
  },

  open: async (options: Options, { log, signal: thread }) => {
    const socket = options.host ? undefined : (options.socket ?? DEBIAN.socket);
    const config = configOf(options, socket);
    const limits: Limits = { ...DEFAULT_LIMITS, ...config?.limits, ...options.limits };
    const send = socket && options.transfer !== 'instream' ? openDescriptors() : undefined;
    if (options.transfer === 'fildes' && !send)
      throw new Error('descriptors cannot be passed on this system: use transfer "instream"');
    if (socket && options.transfer === 'auto' && !send)
      log.warn('descriptors cannot be passed on this system: sending bytes instead');

    const address = socket ? { unix: socket } : { hostname: options.host ?? 'localhost', port: options.port };
    const sessions = createSessions(address, options.sessions, options.timeout);
    const alerts = createAlerts(sessions);
    thread.addEventListener('abort', sessions.close, { once: true });

    const streamLimit = send ? undefined : limits.streamMaxLength;
    const memberLimit = limits.streamMaxLength;

    const scan = async (file: EngineFile, signal: AbortSignal): Promise<Answer> => {
      if (streamLimit && file.size > streamLimit) {
        return { status: 'skipped', reason: `larger than clamd's StreamMaxLength of ${streamLimit} bytes` };
      }
      const started = performance.now();
      const byStream = send === undefined || (file.inMemory && (!memberLimit || file.size <= memberLimit));
      const outcome = await sessions.ask(byStream ? inStream(file) : byDescriptor(send, file), signal);
      if ('ended' in outcome) return { status: 'failed', reason: `clamd: ${outcome.ended}`, retry: true };
      if ('lost' in outcome) return { status: 'failed', reason: `clamd: ${outcome.lost}`, retry: true };
      const answer = answerOf(outcome.reply);
      if (answer.status !== 'clean') return answer;
      const { exceeded, encrypted } = alerts.known() ?? (await orAborted(alerts.get(), signal));
      const reason = whyNotLooked(file.size, performance.now() - started, limits, exceeded);
      if (reason) return { status: 'skipped', reason };
      return exceeded && encrypted && !PLAIN.test(file.type) ? { status: 'clean', looksInside: true } : answer;
    };

    return {
      definitions: createDefinitions(sessions, alerts, config?.databaseDirectory),
      scan: async (file, { signal }) => {
        try {
          return await scan(file, signal);
        } catch (error) {
          return { status: 'failed', reason: error instanceof Error ? error.message : String(error), retry: true };
        }
      },
      close: async () => {
        thread.removeEventListener('abort', sessions.close);
        sessions.close();
      },
    };
  },
} satisfies Engine<Options>;
