import pino, { type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'> & { child: (bindings: object) => Log };

const SECRET_KEYS = [
  'password',
  'passwords',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'authorization',
];

/** The daemon's log: JSON lines on standard error, where systemd collects them. Keys that hold secrets are never written. */
export const createLog = (level: 'debug' | 'info' | 'warn' | 'error' | 'silent' = 'info', fd = 2): Log =>
  pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    },
    pino.destination({ fd, sync: true }),
  );

export const silentLog: Log = createLog('silent');
