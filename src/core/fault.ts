/**
 * What a user can cause: a wrong argument, a missing file, a state that does not allow the wish.
 * Everything else that is thrown is a bug and travels up untouched.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly hint: string | undefined;

  constructor(code: FaultCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.hint = options.hint;
  }
}

/** The innermost error: those around it may quote a statement with its values, which neither a log nor a report should hold. */
export const rootOf = (error: unknown): unknown => {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root;
};

/** Each fault's HTTP status and exit code. The code itself is the answer's `responseKey`. Exit codes follow sysexits(3), but 2 for what clamscan calls an error. */
export const FAULTS = {
  BAD_REQUEST: { http: 400, exit: 64 },
  CONFIG_INVALID: { http: 422, exit: 78 },
  NOT_SIGNED_IN: { http: 401, exit: 77 },
  SIGN_IN_FAILED: { http: 401, exit: 77 },
  FORBIDDEN: { http: 403, exit: 77 },
  NOT_FOUND: { http: 404, exit: 66 },
  NAME_TAKEN: { http: 409, exit: 73 },
  STORAGE_IN_USE: { http: 409, exit: 75 },
  WORKFLOW_IN_USE: { http: 409, exit: 75 },
  SCAN_NOT_FINISHED: { http: 409, exit: 75 },
  SCAN_FINISHED: { http: 409, exit: 75 },
  REALTIME_SCAN_ACTIVE: { http: 409, exit: 75 },
  FILE_IN_PROGRESS: { http: 409, exit: 75 },
  FILE_CHANGED: { http: 409, exit: 75 },
  LAST_ADMIN: { http: 409, exit: 75 },
  TOO_LARGE: { http: 413, exit: 65 },
  NOT_POSSIBLE: { http: 422, exit: 69 },
  STORAGE_UNREACHABLE: { http: 422, exit: 69 },
  TOO_MANY_ATTEMPTS: { http: 429, exit: 75 },
  BUSY: { http: 503, exit: 75 },
  DISK_FULL: { http: 503, exit: 74 },
  DATA_DIR_IN_USE: { http: 503, exit: 75 },
  DATABASE_DAMAGED: { http: 503, exit: 74 },
  ADDRESS_IN_USE: { http: 503, exit: 69 },
  NO_DAEMON: { http: 503, exit: 69 },
  ENGINE_UNAVAILABLE: { http: 503, exit: 69 },
} as const satisfies Record<string, { http: number; exit: number }>;

export type FaultCode = keyof typeof FAULTS;

/** Whether a storage as a whole could not be reached, so that nothing is known of what is in it. */
export const isAway = (error: unknown): error is Fault =>
  error instanceof Fault && error.code === 'STORAGE_UNREACHABLE';
