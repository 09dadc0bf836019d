/** Names under which an ecosystem takes several spellings for one: PEP 503, and NuGet's, which are the same in any case. */
const SAME: { [ecosystem: string]: (name: string) => string } = {
  PyPI: (name) => name.toLowerCase().replace(/[-_.]+/g, '-'),
  NuGet: (name) => name.toLowerCase(),
};

/** A package's name as the database keeps it. */
export const keyOf = (ecosystem: string, name: string): string => SAME[ecosystem]?.(name) ?? name;

/** "Debian:12" is the release 12 of the ecosystem Debian (OSV schema, "affected[].package"). */
export const splitEcosystem = (stated: string): { ecosystem: string; release: string } => {
  const colon = stated.indexOf(':');
  return colon < 0
    ? { ecosystem: stated, release: '' }
    : { ecosystem: stated.slice(0, colon), release: stated.slice(colon + 1) };
};
