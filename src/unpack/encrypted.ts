import { type TroubleError, troubleError } from './contract';

const ofThese = (count: number): string => {
  if (count === 0) return 'no password was given';
  return count === 1 ? 'the password that was given does not open it' : `none of the ${count} passwords opens it`;
};

/** Says that no password opens it. @param count how many were tried */
export const noPasswordOpens = (count: number): TroubleError =>
  troubleError('encrypted', `It is encrypted and ${ofThese(count)}.`);
