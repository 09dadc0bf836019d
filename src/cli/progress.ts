import { writeAll } from './output';

export interface ProgressLine {
  /** Takes the line away, so that something else can be printed where it is. */
  clear: () => void;
  stop: () => void;
}

const EVERY = 200;
const ERASE = '\r\u001b[K';

/** A line on the terminal that says how far something is; nothing at all where standard error is no terminal. */
export const startProgress = (say: () => string): ProgressLine => {
  if (!process.stderr.isTTY) return { clear: () => {}, stop: () => {} };
  let shown = false;
  const clear = () => {
    if (shown) writeAll(2, ERASE);
    shown = false;
  };
  const timer = setInterval(() => {
    writeAll(2, ERASE + say().slice(0, (process.stderr.columns || 80) - 1));
    shown = true;
  }, EVERY);
  return {
    clear,
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
};
