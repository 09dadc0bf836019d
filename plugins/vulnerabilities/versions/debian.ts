/** Where a character stands in Debian's order: "~" before the end, then letters, then all else (deb-version(7)). */
const orderOf = (code: number | undefined): number => {
  if (code === undefined || (code >= 48 && code <= 57)) return 0;
  if (code === 126) return -1;
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isLetter ? code : code + 256;
};

const isDigit = (code: number | undefined): boolean => code !== undefined && code >= 48 && code <= 57;

const codeAt = (text: string, at: number): number | undefined => (at < text.length ? text.charCodeAt(at) : undefined);

/** Compares upstream versions, or revisions: parts without digits and parts of digits in turn. */
const compareParts = (a: string, b: string): number => {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(codeAt(a, i))) || (j < b.length && !isDigit(codeAt(b, j)))) {
      const order = orderOf(codeAt(a, i)) - orderOf(codeAt(b, j));
      if (order !== 0) return order;
      i++;
      j++;
    }
    while (codeAt(a, i) === 48) i++;
    while (codeAt(b, j) === 48) j++;
    let first = 0;
    while (isDigit(codeAt(a, i)) && isDigit(codeAt(b, j))) {
      if (first === 0) first = (codeAt(a, i) ?? 0) - (codeAt(b, j) ?? 0);
      i++;
      j++;
    }
    if (isDigit(codeAt(a, i))) return 1;
    if (isDigit(codeAt(b, j))) return -1;
    if (first !== 0) return first;
  }
  return 0;
};

const parse = (version: string) => {
  const colon = version.indexOf(':');
  const epoch = colon < 0 ? '0' : version.slice(0, colon);
  const rest = version.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch,
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? '0' : rest.slice(hyphen + 1),
  };
};

/** Debian's order of versions (deb-version(7)): epoch, upstream version, revision. */
export const compareDebian = (a: string, b: string): number => {
  const left = parse(a);
  const right = parse(b);
  return (
    compareParts(left.epoch, right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
};
