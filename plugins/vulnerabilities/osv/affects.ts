import type { VersionRule } from '../versions/rules';
import type { Event } from './record';

/** Which versions of a package a record is about, as it is kept. */
export interface Extent {
  ranges: Event[][];
  /** Versions that are affected beside those in the ranges. */
  versions: string[];
}

/** What a record means for a version that it affects. */
export interface Hit {
  /** The first version in its range that is not affected; absent where no such is known. */
  fixed?: string;
}

type Kind = 'introduced' | 'fixed' | 'last_affected' | 'limit';
interface Step {
  kind: Kind;
  version: string;
}

const toStep = (event: Event): Step => {
  const [kind, version] = Object.entries(event)[0] as [Kind, string];
  return { kind, version };
};

/** "0" stands before every version, also before those that the ecosystem sorts below it (OSV schema, "introduced"). */
const isFromTheStart = ({ kind, version }: Step): boolean => kind === 'introduced' && version === '0';

/** OSV schema, "Evaluation": goes through the events in the order of their versions, up to the version in question. */
const inRange = (events: Event[], version: string, { isVersion, compare }: VersionRule): Hit | undefined => {
  // A limit that nobody can compare is none: what is not told to be unaffected counts as affected.
  const steps = events.map(toStep).filter((step) => isFromTheStart(step) || isVersion(step.version));
  const limits = events.map(toStep).filter(({ kind }) => kind === 'limit');
  const isWithin = ({ version: end }: Step) => end === '*' || (isVersion(end) && compare(version, end) < 0);
  if (limits.length > 0 && !limits.some(isWithin)) return undefined;

  const order = (a: Step, b: Step) =>
    isFromTheStart(a) || isFromTheStart(b)
      ? Number(isFromTheStart(b)) - Number(isFromTheStart(a))
      : compare(a.version, b.version);
  let affected = false;
  let fixed: string | undefined;
  for (const step of steps.toSorted(order)) {
    const place = isFromTheStart(step) ? 1 : compare(version, step.version);
    if (step.kind === 'introduced' && place >= 0) affected = true;
    if (step.kind === 'fixed') {
      if (place >= 0) affected = false;
      else fixed ??= step.version;
    }
    if (step.kind === 'last_affected' && place > 0) affected = false;
  }
  return affected ? { fixed } : undefined;
};

/** Says whether a record is about this version; undefined when it is not. */
export const affects = ({ ranges, versions }: Extent, version: string, rule: VersionRule): Hit | undefined => {
  if (rule.isVersion(version)) {
    for (const events of ranges) {
      const hit = inRange(events, version, rule);
      if (hit !== undefined) return hit;
    }
  }
  const isSame = (other: string) =>
    other === version || (rule.isVersion(other) && rule.isVersion(version) && rule.compare(other, version) === 0);
  return versions.some(isSame) ? {} : undefined;
};
