/** What is not saved keeps the reader on the screen, until they say that it may go. */
export interface Leaving {
  /** Asks this question before the screen is left. Returns the way to stop that. */
  hold: (question: string) => () => void;
  /** Whether the screen may be left now. */
  may: () => boolean;
}

/** @param ask puts a question to the reader, who says yes or no */
export const createLeaving = (ask: (question: string) => boolean): Leaving => {
  const questions = new Set<string>();
  return {
    hold: (question) => {
      questions.add(question);
      return () => questions.delete(question);
    },
    may: () => [...questions].every((question) => ask(question)),
  };
};
