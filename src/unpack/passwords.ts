import type { Passwords } from './contract';

/** The passwords for one file, the one that opened something last first. */
export const createPasswords = (given: readonly string[]): Passwords & { lastUsed: () => string | undefined } => {
  let order: readonly string[] = given;
  let used: string | undefined;
  return {
    list: () => order,
    worked: (password) => {
      used = password;
      if (order[0] !== password) order = [password, ...order.filter((other) => other !== password)];
    },
    lastUsed: () => used,
  };
};
