import type { Answer, FindingKind } from '../../src/engines/contract';
import type { RuleMatch } from './native';

/** What a rule can say about itself by `kind = "…"` in its meta, or by a tag of the same name; a rule that says nothing finds threats. */
const KINDS: Record<string, FindingKind> = {
  suspicious: 'Suspicious',
  pua: 'PotentiallyUnwanted',
  potentiallyunwanted: 'PotentiallyUnwanted',
};
export const FINDS = ['Threat', 'Suspicious', 'PotentiallyUnwanted'] as const satisfies readonly FindingKind[];

const kindOf = ({ meta, tags }: RuleMatch): FindingKind => {
  for (const word of [meta.kind, ...tags]) {
    const kind = typeof word === 'string' ? KINDS[word.toLowerCase()] : undefined;
    if (kind) return kind;
  }
  return 'Threat';
};

/** The gravest match is the answer; of equals the first in the order of the rules. */
export const answerFor = (matches: RuleMatch[], globals: Set<string>): Answer => {
  const rules = matches.filter(({ namespace, ruleIdentifier }) => !globals.has(`${namespace}\0${ruleIdentifier}`));
  for (const kind of FINDS) {
    const match = rules.find((rule) => kindOf(rule) === kind);
    if (match) return { status: 'detected', name: match.ruleIdentifier, kind };
  }
  return { status: 'clean' };
};
