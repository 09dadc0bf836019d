import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { ago, localTime, utcTime } from './amounts';

const EVERY = 15_000;

const subscribe = (tell: () => void) => {
  const timer = setInterval(tell, EVERY);
  return () => clearInterval(timer);
};
const now = () => Math.floor(Date.now() / EVERY) * EVERY;

/** The time, to within 15 seconds; what shows it is drawn anew as it passes. */
export const useNow = (): number => useSyncExternalStore(subscribe, now);

const Ago = ({ time }: { time: string }) =>
  ago(Math.min(Date.parse(time), Date.now()), Math.max(useNow(), Date.parse(time)));

/** A time by this computer's clock; UTC, and how long ago it was, are at hand. */
export const When = ({ time, relative = false }: { time?: string; relative?: boolean }) => {
  if (!time) return <span className="dim">–</span>;
  const both = `${localTime(time)} · ${utcTime(time)}`;
  return (
    <Tooltip label={both} withArrow openDelay={200}>
      <time dateTime={time} title={both} className="num">
        {relative ? <Ago time={time} /> : localTime(time)}
      </time>
    </Tooltip>
  );
};
