import { Alert, Anchor, Button, Group, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { History, RotateCcw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link, useParams, useSearchParams } from 'wouter';
import type { ScanDetail } from '../data/client';
import { usePrefetchFiles } from '../data/files';
import { useMay } from '../data/program';
import { useRescans } from '../data/rescans';
import { isOver, useScan } from '../data/scans';
import { PageHead } from '../parts/page-head';
import { ScanProgress } from '../parts/scan-progress';
import { ScanState } from '../parts/scan-state';
import { Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { Waiting } from '../parts/waiting';
import { When } from '../parts/when';
import { ReportDialog } from '../reprocess/report-dialog';
import { type Wish, wishOf } from '../reprocess/wish';
import { reportTexts as texts } from '../texts/report';
import { ColumnMenu } from './column-menu';
import { COLUMNS, type Column } from './columns';
import { Counts } from './counts';
import { Done } from './done';
import { ExportMenu } from './export-menu';
import { type Filter, readFilter, writeFilter } from './filter';
import { FilterBar } from './filter-bar';
import { ReportFiles } from './report-files';

const RescansLink = ({ scanId }: { scanId: string }) => {
  const { total = 0 } = useRescans(scanId);
  if (total === 0) return null;
  return (
    <Anchor component={Link} href={`/rescans?scanId=${scanId}`} size="sm">
      <History size={14} aria-hidden /> {texts.rescans(total)}
    </Anchor>
  );
};

const Outdated = ({ scan, reprocess }: { scan: ScanDetail; reprocess?: () => void }) => {
  if (!scan.outdated) return null;
  return (
    <Alert color="yellow" p="xs" mb="md">
      <Group justify="space-between">
        {texts.outdated(scan.outdated)}
        {reprocess && (
          <Button size="compact-sm" variant="default" onClick={reprocess}>
            {texts.outdatedAction}
          </Button>
        )}
      </Group>
    </Alert>
  );
};

const ReportOf = ({ scan }: { scan: ScanDetail }) => {
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => readFilter(params), [params]);
  const change = (next: Filter) => setParams(writeFilter(next), { replace: true });
  const [columns, setColumns] = useLocalStorage<Column[]>({
    key: 'assay.columns',
    defaultValue: Object.keys(COLUMNS) as Column[],
    getInitialValueInEffect: false,
  });
  const [wish, setWish] = useState<Wish>();
  const may = useMay('operator');
  const over = isOver(scan);

  return (
    <>
      <PageHead
        title={visible(scan.name)}
        crumbs={[{ label: texts.title, href: '/reports' }]}
        about={
          <Group gap="sm">
            <ScanState scan={scan} />
            <span>{texts.of(visible(scan.storageName))}</span>
            {scan.path && <span className="mono">{visible(scan.path)}</span>}
            <When time={scan.created} />
            <RescansLink scanId={scan.id} />
          </Group>
        }
      >
        <ColumnMenu shown={columns} change={setColumns} />
        <ExportMenu scanId={scan.id} filter={filter} />
        {may && (
          <Tooltip label={texts.reprocessWait} disabled={over}>
            <Button
              leftSection={<RotateCcw size={16} aria-hidden />}
              data-disabled={!over || undefined}
              aria-disabled={!over}
              onClick={() => over && setWish(wishOf(filter))}
            >
              {texts.reprocess}
            </Button>
          </Tooltip>
        )}
      </PageHead>
      {!over && (
        <Alert color="blue" p="sm" mb="md">
          {texts.running}
          <ScanProgress scan={scan} />
          <Waiting waiting={scan.waiting} />
        </Alert>
      )}
      {scan.error && (
        <Alert color="red" mb="md" p="sm">
          {visible(scan.error)}
        </Alert>
      )}
      <Outdated scan={scan} reprocess={may && over ? () => setWish(wishOf({}, true)) : undefined} />
      <Counts scan={scan} filter={filter} change={change} />
      <Done acts={scan.remediation} />
      <FilterBar filter={filter} change={change} byDetection={scan.byDetection} />
      <ReportFiles scan={scan} filter={filter} columns={columns} mayReprocess={may && over} />
      {wish && <ReportDialog scan={scan} first={wish} close={() => setWish(undefined)} />}
    </>
  );
};

/** A report: what came out of a scan, file by file. */
export const Report = () => {
  const { id = '' } = useParams();
  const [params] = useSearchParams();
  usePrefetchFiles(id, readFilter(params));
  return <Shown query={useScan(id)}>{(scan) => <ReportOf key={scan.id} scan={scan} />}</Shown>;
};
