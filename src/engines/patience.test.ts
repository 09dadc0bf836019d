import { expect, test } from 'bun:test';
import { patiently } from './patience';

test('who asks while a question is open gets its answer, and a later one asks anew', async () => {
  let asked = 0;
  const version = patiently(async () => ++asked, 60_000, 'it did not answer');
  expect(await Promise.all([version(), version()])).toEqual([1, 1]);
  expect(await version()).toBe(2);
});

test('a question that is never answered is put once, and given up', async () => {
  let asked = 0;
  const version = patiently(
    () => {
      asked += 1;
      return new Promise(() => {});
    },
    1,
    'it did not answer',
  );
  expect(version()).rejects.toThrow('it did not answer within 0.001 s');
  await version().catch(() => {});
  expect(version()).rejects.toThrow('it did not answer');
  expect(asked).toBe(1);
});

test('one that is answered too late can be put again', async () => {
  const late = Promise.withResolvers<string>();
  const version = patiently(() => late.promise, 1, 'it did not answer');
  await version().catch(() => {});
  late.resolve('now');
  await late.promise;
  expect(await version()).toBe('now');
});

test('is not given up because something else kept the thread to itself', async () => {
  const answerInSteps = async () => {
    await Bun.sleep(1);
    await Bun.sleep(1);
    return 'there';
  };
  const version = patiently(answerInSteps, 100, 'it did not answer');
  const answer = version();
  const begun = performance.now();
  while (performance.now() - begun < 300);
  expect(await answer).toBe('there');
});

test('why it failed is told', async () => {
  const failing = patiently(() => Promise.reject(new Error('away')), 60_000, 'it did not answer');
  expect(failing()).rejects.toThrow('away');
});
