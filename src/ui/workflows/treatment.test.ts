import { expect, test } from 'bun:test';
import { Remediation } from '../../core/remediation';
import { WorkflowDefinition } from '../../core/workflow';
import { type OfVerdict, stepsOf, touchesFiles, withAction, withSanitized } from './treatment';

const nameOf = (id: string) => id;
const plain: OfVerdict = Remediation.parse({}).blocked;
const isValid = (blocked: OfVerdict) => Remediation.safeParse({ blocked }).success;

test('the steps stand in the order in which they are done, the sanitized copy in its place last', () => {
  const steps = stepsOf(
    {
      original: {
        tag: { verdict: 'bad' },
        copyTo: [{ folder: '', storageId: 'Vault', structure: 'keep' }],
        action: 'quarantine',
        removeEmptyFolders: true,
      },
      sanitized: { where: 'instead' },
    },
    nameOf,
  );
  expect(steps).toEqual([
    'Tagged verdict=bad',
    'Copied to the top of Vault',
    'Put into quarantine',
    'Folders that are empty without it are removed',
    'A sanitized copy takes its place',
  ]);
  expect(stepsOf(plain, nameOf)).toEqual(['Left where it is, untouched']);
});

test('whatever is chosen in whatever order, what is sent can be saved', () => {
  const acts = ['keep', 'move', 'delete', 'quarantine'] as const;
  const wheres = ['none', 'beside', 'elsewhere'] as const;
  for (const first of acts)
    for (const where of [...wheres, ...(first === 'keep' ? [] : (['instead'] as const))])
      for (const then of acts) {
        const chosen = withAction(withSanitized(withAction(plain, first), where), then);
        expect([first, where, then, isValid(chosen)]).toEqual([first, where, then, true]);
      }
});

test('a place that was given is there again when its choice is', () => {
  const moved = withAction(plain, 'move');
  const to = { folder: 'bad', structure: 'flatten' as const };
  const placed = { ...moved, original: { ...moved.original, moveTo: to } };
  expect(withAction(placed, 'move').original.moveTo).toEqual(to);
  expect(withAction(placed, 'delete').original.moveTo).toBeUndefined();
});

test('a workflow touches files as soon as anything but looking is done with any of them', () => {
  const usual = WorkflowDefinition.parse({});
  const touches = (allowed: OfVerdict) =>
    touchesFiles({ definition: { ...usual, remediation: { allowed, blocked: plain } } });
  expect(touches(plain)).toBe(false);
  expect(touches({ original: { ...plain.original, removeEmptyFolders: true } })).toBe(false);
  expect(touches({ original: { ...plain.original, tag: { a: 'b' } } })).toBe(true);
  expect(touches(withAction(plain, 'delete'))).toBe(true);
  expect(touches(withSanitized(plain, 'beside'))).toBe(true);
});
