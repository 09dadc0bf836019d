import { findSignature, localView, plausibleHeader } from './zip-local';
import { LOCAL, type LocalHeader } from './zip-record';
import type { Run } from './zip-runs';
import type { Source } from './zip-unlock';
import type { View } from './zip-view';

/** A member that no directory names, and its way to say where it ended. */
export interface Stray {
  header: LocalHeader;
  view: View;
  ended: (at: number) => void;
}

/**
 * Walks through a zip from the front, as programs do that read it from a pipe or rescue it, and gives what only they would see. It passes
 * over the runs, in which it would see what the directory names too.
 * @param runs by where they start
 */
export async function* strays({ window, signal }: Source, runs: readonly Run[]): AsyncGenerator<Stray> {
  let next = 0;
  for (let at = 0; at < window.size; ) {
    while (next < runs.length && (runs[next]?.start ?? 0) < at) next++;
    const run = runs[next];
    const found = await findSignature(window, at, run?.start ?? window.size, [LOCAL], signal);
    if (found === undefined) {
      // At least four bytes on, so that a run of no length ends too.
      at = run === undefined ? window.size : Math.max(run.end, run.start + 4);
      continue;
    }
    const header = plausibleHeader(window, found);
    if (header === undefined) {
      at = found + LOCAL.length;
      continue;
    }
    const view = await localView(window, header, signal);
    // Not opened, or longer than the whole: then nothing is known of where it ends.
    let end = view.isOpenEnded || view.to > window.size ? view.from : view.to;
    const ended = (place: number) => {
      end = place;
    };
    yield { header, view, ended };
    at = Math.max(end, view.from);
  }
}
