import { useLocalStorage } from '@mantine/hooks';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { localTime, utcTime } from './amounts';

/** By whose clock this browser's page tells times. */
export type Clock = 'local' | 'utc';

interface Times {
  clock: Clock;
  choose: (clock: Clock) => void;
  /** A time of RFC 3339 by the clock that was chosen. */
  say: (time: string) => string;
}

const Context = createContext<Times | undefined>(undefined);

export const TimesProvider = ({ children }: { children: ReactNode }) => {
  const [clock, choose] = useLocalStorage<Clock>({
    key: 'assay.clock',
    defaultValue: 'local',
    getInitialValueInEffect: false,
  });
  const times = useMemo(() => ({ clock, choose, say: clock === 'utc' ? utcTime : localTime }), [clock, choose]);
  return <Context.Provider value={times}>{children}</Context.Provider>;
};

export const useTimes = (): Times => {
  const times = useContext(Context);
  if (times === undefined) throw new Error('there is no TimesProvider around this');
  return times;
};
