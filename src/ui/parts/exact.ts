import { count } from './amounts';

/** Units by what one of them is worth, the smallest first. */
export type Units = { [unit: string]: number };

export const SIZE_UNITS: Units = {
  B: 1,
  KB: 1000,
  KiB: 1024,
  MB: 1000 ** 2,
  MiB: 1024 ** 2,
  GB: 1000 ** 3,
  GiB: 1024 ** 3,
  TB: 1000 ** 4,
};

/** Durations are kept in milliseconds. */
export const TIME_UNITS: Units = { ms: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000 };

/** An amount in the largest unit of which it has a whole number, so that nothing of it is lost: 21474836480 → 20 GiB. */
export const inUnits = (value: number, units: Units): { amount: number; unit: string } => {
  const fitting = Object.entries(units).filter(([, worth]) => value % worth === 0);
  const [unit = '', worth = 1] = fitting.at(-1) ?? [];
  return { amount: value / worth, unit };
};

/** The same in words: "20 GiB", "1 minute". */
export const exactly = (value: number, units: Units): string => {
  const { amount, unit } = inUnits(value, units);
  const word = Object.hasOwn(TIME_UNITS, unit) && unit !== 'ms' && amount === 1 ? unit.slice(0, -1) : unit;
  return `${count(amount)} ${word}`;
};
