import type { Severity, Vulnerability, VulnerableComponent } from '../../../src/engines/contract';
import type { Component } from '../component';
import type { Entry, Vulnerabilities } from '../database/open';
import { RULES, type VersionRule } from '../versions/rules';
import { affects } from './affects';
import { ofRelease } from './release';

/** Vulnerabilities of one component that are told one by one; the worst are. */
const MOST = 20;

/** What the database has to say about a component. */
export type Matched =
  | { status: 'known'; vulnerable?: VulnerableComponent }
  /** It cannot be said: a reason for people. */
  | { status: 'unknown'; reason: string };

/** From the least on. */
const SEVERITIES: (Severity | undefined)[] = [undefined, 'low', 'medium', 'high', 'critical'];

/** Above zero when the second is worse. */
export const worseFirst = (a: Rated, b: Rated): number =>
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || (b.score ?? 0) - (a.score ?? 0);

type Rated = Pick<Vulnerability, 'severity' | 'score'>;

const toVulnerability = (
  { id, aliases, severity, score, vector, summary, published, modified }: Entry,
  fixed?: string,
) => ({
  id,
  aliases,
  severity,
  score,
  vector,
  summary,
  fixed,
  published,
  modified,
});

/** The records of a package, each with its entries. */
function* recordsOf(entries: Iterable<Entry>): Generator<Entry[]> {
  let record: Entry[] = [];
  for (const entry of entries) {
    if (record[0] !== undefined && record[0].id !== entry.id) {
      yield record;
      record = [];
    }
    record.push(entry);
  }
  if (record.length > 0) yield record;
}

/** Several sources write about the same vulnerability: what one of them leaves out is taken from the others. */
const join = (a: Vulnerability, b: Vulnerability): Vulnerability => {
  const [first, second] = worseFirst(a, b) <= 0 ? [a, b] : [b, a];
  const aliases = [...new Set([...first.aliases, second.id, ...second.aliases])].filter((name) => name !== first.id);
  const cve = (name: string) => Number(name.startsWith('CVE-'));
  return {
    ...first,
    aliases: aliases.toSorted((x, y) => cve(y) - cve(x)),
    summary: first.summary ?? second.summary,
    fixed: first.fixed ?? second.fixed,
  };
};

/** Puts those together that have a name in common. */
const withoutDoubles = (found: Vulnerability[]): Vulnerability[] => {
  const places = new Map<string, number>();
  const joined: Vulnerability[] = [];
  for (const one of found) {
    const names = [one.id, ...one.aliases];
    const known = names.map((name) => places.get(name)).find((place) => place !== undefined);
    const place = known ?? joined.length;
    const there = joined[place];
    joined[place] = there === undefined ? one : join(there, one);
    for (const name of names) places.set(name, place);
  }
  return joined;
};

const vulnerabilitiesOf = (entries: Iterable<Entry>, { version, release }: Component, rule: VersionRule) => {
  const found: Vulnerability[] = [];
  let records = 0;
  for (const record of recordsOf(entries)) {
    records += 1;
    for (const entry of ofRelease(record, version, release)) {
      const hit = affects(entry, version, rule);
      if (hit === undefined) continue;
      found.push(toVulnerability(entry, hit.fixed));
      break;
    }
  }
  return { records, found: withoutDoubles(found).toSorted(worseFirst) };
};

/** Looks a component up, by the first of its names that the database knows. */
export const match = (component: Component, database: Vulnerabilities): Matched => {
  const { ecosystem, names, version, vendor } = component;
  const rule = RULES.get(ecosystem ?? '');
  if (ecosystem === undefined || rule === undefined) {
    return {
      status: 'unknown',
      reason: `OSV has no records of ${names[0]}, which is of ${vendor ?? 'an unknown maker'}`,
    };
  }
  if (database.about.ecosystems[ecosystem] === undefined) {
    return { status: 'unknown', reason: `the database holds nothing about ${ecosystem}` };
  }
  for (const name of names) {
    const { records, found } = vulnerabilitiesOf(database.find(ecosystem, name), component, rule);
    if (records === 0) continue;
    if (found.length > 0) {
      const vulnerabilities = found.slice(0, MOST);
      return {
        status: 'known',
        vulnerable: { ecosystem, name, version, vendor, vulnerabilities, total: found.length },
      };
    }
    return rule.isVersion(version)
      ? { status: 'known' }
      : {
          status: 'unknown',
          reason: `${version} is no version by the rules of ${ecosystem}, so that ${name} cannot be judged`,
        };
  }
  return { status: 'known' };
};
