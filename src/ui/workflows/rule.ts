import { ruleTexts as texts } from '../texts/workflow';
import type { Rule } from './definition';

/** A rule as somebody types it. */
export interface TypedRule {
  name: string;
  type: string;
  sha256: string;
  reason: string;
  minSize?: number;
  maxSize?: number;
}

/** What is wrong with a field, or with the whole (`rule`); nothing when it can be added. */
export const troublesOf = ({ name, type, sha256, minSize, maxSize }: TypedRule) => ({
  sha256: sha256.trim() === '' || /^[0-9a-f]{64}$/i.test(sha256.trim()) ? undefined : texts.badHash,
  type: type.trim() === '' || /^[\w.+-]+\/(\*|[\w.+-]+)$/.test(type.trim()) ? undefined : texts.badType,
  rule:
    [name, type, sha256].every((text) => text.trim() === '') && minSize === undefined && maxSize === undefined
      ? texts.nothingSaid
      : undefined,
});

/** The rule of what was typed: what says nothing is left out. A name keeps its spaces, which a file's name may begin with. */
export const toRule = ({ name, type, sha256, reason, minSize, maxSize }: TypedRule): Rule =>
  Object.fromEntries(
    Object.entries({
      name: name.trim() === '' ? undefined : name,
      type: type.trim() || undefined,
      sha256: sha256.trim().toLowerCase() || undefined,
      minSize,
      maxSize,
      reason: reason.trim() || undefined,
    }).filter(([, said]) => said !== undefined),
  );
