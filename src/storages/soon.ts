/** How long a file system may take to answer. Milliseconds. */
const ANSWER_WITHIN = 10_000;

/** What is asked of a file system that may never answer: the program goes on meanwhile. @throws ETIMEDOUT */
export const soon = <T>(asked: Promise<T>): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), ANSWER_WITHIN);
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
};
