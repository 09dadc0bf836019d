/** Lines that are read at most: what describes a package has its name near the beginning. */
const MOST = 5_000;

/**
 * Fields of the form "Name: value", one a line, up to the first empty line: RFC 822 as packages of Python and Debian use it, and the main
 * section of a manifest of Java. A line that begins with a space goes on with the one before. The first of several counts.
 */
export const fieldsOf = (text: string, separator = ':'): Map<string, string> => {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of text.split(/\r\n|\n|\r/, MOST)) {
    if (line === '') {
      if (fields.size > 0) break;
      continue;
    }
    if (line.startsWith(' ')) {
      const value = fields.get(last);
      if (value !== undefined && value.length < 10_000) fields.set(last, value + line.slice(1));
      continue;
    }
    const at = line.indexOf(separator);
    if (at <= 0) continue;
    last = line.slice(0, at).trim().toLowerCase();
    if (!fields.has(last)) fields.set(last, line.slice(at + 1).trim());
    else last = '';
  }
  return fields;
};
