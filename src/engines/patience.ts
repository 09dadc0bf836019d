/**
 * The time is taken in so many parts, one after the other: what keeps the thread to itself meanwhile, as another engine may with a large
 * file, counts as one of them, for however long it does so.
 */
const PARTS = 10;

/**
 * Makes a question to an engine that is put once at a time, and whose answer is waited for so long at the most (milliseconds):
 * while it is still open, whoever asks later does not wait anew.
 * @param says what the engine then did not do, for people
 */
export const patiently = <T>(ask: () => Promise<T>, patience: number, says: string): (() => Promise<T>) => {
  let open: { answer: Promise<T>; tooLate: Promise<never> } | undefined;

  const put = () => {
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    tooLate.catch(() => {});
    let left = PARTS;
    const wait = () => {
      left -= 1;
      if (left < 0) reject(new Error(`${says} within ${patience / 1000} s`));
      else timer = setTimeout(wait, patience / PARTS);
    };
    let timer: Timer | undefined;
    wait();
    const answer = ask().finally(() => {
      clearTimeout(timer);
      open = undefined;
    });
    answer.catch(() => {});
    return { answer, tooLate };
  };

  return async () => {
    open ??= put();
    return Promise.race([open.answer, open.tooLate]);
  };
};
