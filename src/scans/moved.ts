import type { Due } from '../core/file';
import { printable } from '../core/printable';
import type { Settleable } from './look-again';

const isGone = (outcome: Settleable): boolean => 'findings' in outcome && outcome.findings.unread?.why === 'gone';

/** Says of files that were judged before and are gone where what they held was met since, if that is known. */
export const sayMoved = async (
  group: Due[],
  outcomes: Settleable[],
  findMoved: (fileIds: string[]) => Promise<Map<string, string>>,
): Promise<Settleable[]> => {
  const known = new Set(group.filter(({ earlier }) => earlier !== undefined).map(({ fileId }) => fileId));
  const gone = outcomes.filter((outcome) => known.has(outcome.id) && isGone(outcome)).map(({ id }) => id);
  if (gone.length === 0) return outcomes;
  const moved = await findMoved(gone);
  return outcomes.map((outcome) => {
    const movedTo = moved.get(outcome.id);
    if (movedTo === undefined || !('findings' in outcome) || outcome.findings.unread === undefined) return outcome;
    const { unread } = outcome.findings;
    const message = `${unread.message} What it held was met later at ${printable(movedTo)}.`;
    return { ...outcome, findings: { ...outcome.findings, unread: { ...unread, message, movedTo } } };
  });
};
