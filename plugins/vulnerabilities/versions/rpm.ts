const SEGMENT = /\d+|[A-Za-z]+|~|\^/g;

const isNumber = (segment: string): boolean => segment >= '0' && segment < ':';

const compareNumbers = (a: string, b: string): number => {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length - right.length || (left === right ? 0 : left < right ? -1 : 1);
};

/**
 * RPM's order of one part of a version (rpm-version(7), rpmvercmp): segments of digits or of letters; "~" is before the end, "^" behind
 * it but before any other segment.
 */
const compareParts = (a: string, b: string): number => {
  const left = a.match(SEGMENT) ?? [];
  const right = b.match(SEGMENT) ?? [];
  for (let at = 0; at < left.length || at < right.length; at++) {
    const l = left[at];
    const r = right[at];
    if (l === '~' || r === '~') {
      if (l !== '~') return 1;
      if (r !== '~') return -1;
      continue;
    }
    if (l === '^' || r === '^') {
      if (l === r) continue;
      if (l === undefined) return -1;
      if (r === undefined) return 1;
      return l === '^' ? -1 : 1;
    }
    if (l === undefined) return -1;
    if (r === undefined) return 1;
    if (isNumber(l) !== isNumber(r)) return isNumber(l) ? 1 : -1;
    const order = isNumber(l) ? compareNumbers(l, r) : l === r ? 0 : l < r ? -1 : 1;
    if (order !== 0) return order;
  }
  return 0;
};

const parse = (version: string) => {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const hyphen = rest.indexOf('-');
  return {
    epoch: colon < 0 ? '0' : version.slice(0, colon),
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    release: hyphen < 0 ? undefined : rest.slice(hyphen + 1),
  };
};

/** RPM's order of epoch, version and release; a release that only one of them has does not count. */
export const compareRpm = (a: string, b: string): number => {
  const left = parse(a);
  const right = parse(b);
  return (
    compareParts(left.epoch, right.epoch) ||
    compareParts(left.version, right.version) ||
    (left.release === undefined || right.release === undefined ? 0 : compareParts(left.release, right.release))
  );
};
