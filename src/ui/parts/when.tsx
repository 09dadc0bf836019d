import { useSyncExternalStore } from 'react';
import { ago, localTime, utcTime } from './amounts';
import { useTimes } from './times';

const EVERY = 15_000;

const subscribe = (tell: () => void) => {
  const timer = setInterval(tell, EVERY);
  return () => clearInterval(timer);
};
const now = () => Math.floor(Date.now() / EVERY) * EVERY;

/** The time, to within 15 seconds; what shows it is drawn anew as it passes. */
const useNow = (): number => useSyncExternalStore(subscribe, now);

const Ago = ({ time }: { time: string }) =>
  ago(Math.min(Date.parse(time), Date.now()), Math.max(useNow(), Date.parse(time)));

/** A time by the clock that the reader chose; by both clocks where one points at it. */
export const When = ({ time, relative = false }: { time?: string; relative?: boolean }) => {
  const { say } = useTimes();
  if (!time) return <span className="dim">–</span>;
  const both = `${localTime(time)} · ${utcTime(time)}`;
  return (
    <time dateTime={time} title={both} className="num">
      {relative ? <Ago time={time} /> : say(time)}
    </time>
  );
};
