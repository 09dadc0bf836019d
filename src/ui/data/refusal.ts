/** What the API, or the way to it, refused, in words for people. */
export interface Refusal extends Error {
  name: 'Refusal';
  /** HTTP status; 0 when nobody answered. */
  status: number;
  /** The answer's `responseKey`. */
  key: string;
  hint?: string;
  /** Of a bug; the daemon's log has it too. */
  errorId?: string;
}

const refusal = (message: string, rest: Omit<Refusal, 'name' | 'message'>): Refusal =>
  Object.assign(new Error(message), { name: 'Refusal' as const, ...rest });

export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && error.name === 'Refusal';

interface Answer {
  responseKey?: string;
  responseMessage?: string;
  hint?: string;
  errorId?: string;
}

/** Reads a refusal out of an answer, also out of one that a proxy made. */
export const toRefusal = async (response: Response): Promise<Refusal> => {
  const answer = (await response.json().catch(() => ({}))) as Answer;
  return refusal(answer.responseMessage ?? `Assay answered ${response.status} ${response.statusText}.`, {
    status: response.status,
    key: answer.responseKey ?? 'UNKNOWN',
    hint: answer.hint,
    errorId: answer.errorId,
  });
};

/** Nobody answered. */
export const unreachable = (): Refusal =>
  refusal('Assay cannot be reached.', {
    status: 0,
    key: 'UNREACHABLE',
    hint: 'Check that it runs and that this computer is connected; the page tries again by itself.',
  });
