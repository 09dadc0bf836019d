import type { Destination } from '../data/client';
import { visible } from '../parts/visible';
import { treatmentTexts } from '../texts/treatment';
import type { Definition } from './definition';

/** What a workflow does with files of one verdict. */
export type OfVerdict = Definition['remediation']['blocked'];
export type Original = OfVerdict['original'];

/** Gives a storage's name by its id. */
export type NameOf = (storageId: string) => string;

const { words } = treatmentTexts;

const placeIn = ({ folder, storageId, structure }: Destination, nameOf: NameOf): string =>
  words.place(visible(folder), storageId === undefined ? undefined : nameOf(storageId), structure === 'flatten');

const sanitizedIn = ({ where, to }: NonNullable<OfVerdict['sanitized']>, nameOf: NameOf): string =>
  where === 'elsewhere' ? words.sanitized.elsewhere(to ? placeIn(to, nameOf) : '') : words.sanitized[where];

const actionIn = ({ action, moveTo }: Original, nameOf: NameOf): string =>
  action === 'move' ? words.move(moveTo ? placeIn(moveTo, nameOf) : '') : words[action];

/** What happens to a file, in words, step by step in the order in which it does. */
export const stepsOf = ({ original, sanitized }: OfVerdict, nameOf: NameOf): string[] => {
  const { tag, copyTo, action, removeEmptyFolders } = original;
  const tags = Object.entries(tag).map(([name, value]) => `${name}=${visible(value)}`);
  const instead = sanitized?.where === 'instead';
  const steps = [
    ...(tags.length > 0 ? [words.tag(tags.join(', '))] : []),
    ...copyTo.map((to) => words.copy(placeIn(to, nameOf))),
    ...(sanitized && !instead ? [sanitizedIn(sanitized, nameOf)] : []),
  ];
  if (steps.length === 0 && action === 'keep') return [words.nothing];
  return [
    ...steps,
    actionIn(original, nameOf),
    ...(action !== 'keep' && removeEmptyFolders ? [words.removeEmptyFolders] : []),
    ...(instead ? [words.sanitized.instead] : []),
  ];
};

/** Whether a workflow does anything with files but look into them. */
export const touchesFiles = ({ definition: { remediation } }: { definition: Definition }): boolean =>
  [remediation.allowed, remediation.blocked].some((one) => stepsOf(one, String)[0] !== words.nothing);

const HERE: Destination = { folder: '', structure: 'keep' };

/** Another fate for the file itself, and what has to fit it: a move has a place, and what stays has nothing in its place. */
export const withAction = ({ original, sanitized }: OfVerdict, action: Original['action']): OfVerdict => {
  const { moveTo, ...rest } = original;
  const kept = action === 'keep';
  return {
    original: {
      ...rest,
      action,
      ...(action === 'move' ? { moveTo: moveTo ?? HERE } : {}),
      removeEmptyFolders: !kept && rest.removeEmptyFolders,
    },
    sanitized: kept && sanitized?.where === 'instead' ? { where: 'beside' } : sanitized,
  };
};

export type Where = 'none' | NonNullable<OfVerdict['sanitized']>['where'];

/** Another place for the sanitized copy, or none of it. */
export const withSanitized = ({ original, sanitized }: OfVerdict, where: Where): OfVerdict => {
  if (where === 'none') return { original };
  return { original, sanitized: where === 'elsewhere' ? { where, to: sanitized?.to ?? HERE } : { where } };
};
