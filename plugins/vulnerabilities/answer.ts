import type { Answer, Vulnerability, VulnerableComponent } from '../../src/engines/contract';
import type { Component } from './component';
import type { Vulnerabilities } from './database/open';
import { match, worseFirst } from './osv/match';

/** Components that are told one by one; the worst are. */
const MOST = 100;

/** Its worst vulnerability; the list begins with it. */
const worstOf = ({ vulnerabilities }: VulnerableComponent): Partial<Vulnerability> => vulnerabilities[0] ?? {};

const nameOf = (components: VulnerableComponent[]): string => {
  const [worst] = components;
  const [first] = worst?.vulnerabilities ?? [];
  if (worst === undefined || first === undefined) return 'vulnerable software';
  const others = components.reduce((sum, { total }) => sum + total, 0) - 1;
  const cve = first.aliases.find((alias) => alias.startsWith('CVE-')) ?? first.id;
  const rated = first.severity === undefined ? '' : ` (${first.severity})`;
  return `${cve}${rated} in ${worst.name} ${worst.version}${others === 0 ? '' : `, and ${others} more`}`;
};

/** What the database says about the software in a file. */
export const answerOf = (components: Component[], database: Vulnerabilities): Answer => {
  const vulnerable: VulnerableComponent[] = [];
  let unknown: string | undefined;
  for (const component of components) {
    const matched = match(component, database);
    if (matched.status === 'unknown') unknown ??= matched.reason;
    else if (matched.vulnerable !== undefined) vulnerable.push(matched.vulnerable);
  }
  if (vulnerable.length > 0) {
    const vulnerabilities = vulnerable.toSorted((a, b) => worseFirst(worstOf(a), worstOf(b)));
    return {
      status: 'detected',
      name: nameOf(vulnerabilities),
      kind: 'Vulnerability',
      severity: vulnerabilities[0] && worstOf(vulnerabilities[0]).severity,
      vulnerabilities: vulnerabilities.slice(0, MOST),
    };
  }
  return unknown === undefined ? { status: 'clean' } : { status: 'skipped', reason: unknown, retry: false };
};
