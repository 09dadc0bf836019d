import { expect, test } from 'bun:test';
import { type Act, actsOfEach, latestActs, removedKinds } from './acts';

const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
const act = (id: string, minute: number, state: Act['state'] = 'done'): Act => ({
  id,
  action: 'move',
  state,
  created: at(minute),
});
const processings = [
  { id: 'second', finished: at(5) },
  { id: 'first', finished: at(1) },
];
const idsOf = (acts: Act[] | undefined) => acts?.map(({ id }) => id);

test('each act belongs to the verdict that it followed, in its order', () => {
  const groups = actsOfEach(processings, [act('tag', 1), act('move', 1), act('again', 6)]);
  expect(idsOf(groups.get('first'))).toEqual(['tag', 'move']);
  expect(idsOf(groups.get('second'))).toEqual(['again']);
});

test('the latest are those of the latest verdict, also when they failed, and what is still to be done', () => {
  const acts = [act('old', 1), act('failed', 5, 'failed'), act('coming', 3, 'due')];
  expect(idsOf(latestActs(processings, acts))).toEqual(['failed', 'coming']);
  expect([...actsOfEach(processings, acts).values()].flat()).not.toContainEqual(act('coming', 3, 'due'));
  expect(idsOf(latestActs([], acts))).toEqual(['coming']);
});

test('what was taken out of a copy is counted by kind', () => {
  const where = 'word/x';
  expect(
    removedKinds([
      { what: 'macro', where },
      { what: 'script', where },
      { what: 'macro', where },
    ]),
  ).toEqual([
    ['macro', 2],
    ['script', 1],
  ]);
});
