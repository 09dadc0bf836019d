import { toRfc3339 } from '../core/clock';
import type { Report } from './report';

const timeOf = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : toRfc3339(ms));

/** What a report says of itself before its files. */
export const headOf = ({ scan, filter, order, openedAt }: Report) => ({
  scan: {
    id: scan.id,
    name: scan.name,
    state: scan.state,
    storageName: scan.storageName,
    path: scan.path,
    created: toRfc3339(scan.createdAt),
    finished: timeOf(scan.finishedAt),
  },
  filter: {
    status: filter.status,
    detection: filter.detection,
    workflowId: filter.workflowId,
    from: timeOf(filter.from),
    to: timeOf(filter.to),
    search: filter.search,
    rescanId: filter.rescanId,
    change: filter.change,
  },
  sort: order,
  opened: toRfc3339(openedAt),
});
