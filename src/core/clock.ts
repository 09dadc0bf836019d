/** Milliseconds since the epoch; rooms take one as an argument, so that tests can move time. */
export type Clock = () => number;

/** RFC 3339 in UTC with milliseconds, the only form in which times leave the program. */
export const toRfc3339 = (ms: number): string => new Date(ms).toISOString();
