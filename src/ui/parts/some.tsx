import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface SomeProps<T> {
  of: T[];
  /** How many are shown at first. */
  first: number;
  /** The words of the button that shows all. */
  all: (n: number) => string;
  children: (shown: T[]) => ReactNode;
}

/** The first of a list, and the rest when the reader wants it. */
export function Some<T>({ of, first, all, children }: SomeProps<T>) {
  const [whole, setWhole] = useState(false);
  return (
    <>
      {children(whole ? of : of.slice(0, first))}
      {of.length > first && !whole && (
        <Button size="compact-sm" variant="subtle" className="some" onClick={() => setWhole(true)}>
          {all(of.length)}
        </Button>
      )}
    </>
  );
}
