import { type TroubleError, troubleError } from './contract';

/** Says that no password opens it. @param count how many were tried */
export const noPasswordOpens = (count: number): TroubleError =>
  troubleError(
    'encrypted',
    count === 0
      ? 'It is encrypted and no password was given.'
      : `It is encrypted and none of the ${count} passwords opens it.`,
  );
