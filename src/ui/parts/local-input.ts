const two = (n: number): string => String(n).padStart(2, '0');

/** A time of RFC 3339 as a `datetime-local` field holds it: by this computer's clock, to the minute. */
export const toLocalInput = (time: string | undefined): string => {
  if (time === undefined) return '';
  const at = new Date(time);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
};

/** What such a field holds, as a time; undefined while it is not whole. */
export const fromLocalInput = (value: string): string | undefined => {
  const at = new Date(value);
  return value === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};
