import { expect, test } from 'bun:test';
import type { JudgedReports, Storage, Workflow } from '../data/client';
import { newestOf, storagesOf } from './reach';

const report = (id: string, storageId: string) => ({ id, storageId }) as JudgedReports['entries'][number];
const storage = (name: string, workflowId?: string) => ({ name, workflowId }) as Storage;

test('of each storage the newest report is looked at again', () => {
  const newest = newestOf([report('4', 'a'), report('3', 'b'), report('2', 'a'), report('1', 'b')]);
  expect(newest.map(({ id }) => id)).toEqual(['4', '3']);
});

test('a storage goes through the workflow that it names, else through the default one', () => {
  const storages = [storage('named', 'w'), storage('other', 'x'), storage('unnamed')];
  const names = (isDefault: boolean) =>
    storagesOf({ id: 'w', default: isDefault } as Workflow, storages).map(({ name }) => name);
  expect(names(false)).toEqual(['named']);
  expect(names(true)).toEqual(['named', 'unnamed']);
});
