import type { JudgedReports, Storage, Workflow } from '../data/client';

type Report = JudgedReports['entries'][number];

/** The storages that go through a workflow now. */
export const storagesOf = ({ id, default: isDefault }: Workflow, storages: Storage[]): Storage[] =>
  storages.filter(({ workflowId }) => workflowId === id || (workflowId === undefined && isDefault));

/** Of each storage the newest report, by which it is looked at again; the list has the newest first. */
export const newestOf = (reports: Report[]): Report[] => [
  ...Map.groupBy(reports, ({ storageId }) => storageId)
    .values()
    .flatMap((ofOne) => ofOne.slice(0, 1)),
];
