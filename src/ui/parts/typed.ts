import { useState } from 'react';

interface Field<V, T> {
  value: V;
  change: (value: V) => void;
  /** How a value is shown to be typed over. */
  write: (value: V) => T;
  /** What was typed; undefined while it says nothing. */
  read: (typed: T) => { value: V } | undefined;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a field holds while somebody types, as they type it: "1,000 KB" does not turn into "1 MB" under the hand. Another value from outside takes its place. */
export const useTyped = <V, T>({ value, change, write, read }: Field<V, T>) => {
  const [held, hold] = useState({ typed: write(value), says: value });
  const typed = same(held.says, value) ? held.typed : write(value);
  const type = (next: T) => {
    const said = read(next);
    hold({ typed: next, says: said === undefined ? value : said.value });
    if (said !== undefined) change(said.value);
  };
  return [typed, type] as const;
};
