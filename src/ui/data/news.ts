/** How much happened since a reader last looked, by subject: a list that is being read does not move, it says that there is more. */
export interface News {
  count: (subject: string) => number;
  add: (subject: string) => void;
  /** The reader has seen it. */
  clear: (subject: string) => void;
  subscribe: (listener: () => void) => () => void;
}

/** @param later puts off telling listeners, so that a thousand events a second are told of a few times a second */
export const createNews = (later: (run: () => void) => void = (run) => setTimeout(run, 400)): News => {
  const counts = new Map<string, number>();
  const listeners = new Set<() => void>();
  let due = false;
  const tell = () => {
    due = false;
    for (const listener of listeners) listener();
  };
  const tellLater = () => {
    if (due) return;
    due = true;
    later(tell);
  };

  return {
    count: (subject) => counts.get(subject) ?? 0,
    add: (subject) => {
      counts.set(subject, (counts.get(subject) ?? 0) + 1);
      tellLater();
    },
    clear: (subject) => {
      if (counts.delete(subject)) tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
