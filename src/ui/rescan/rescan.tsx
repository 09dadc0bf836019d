import { Alert, Anchor, Button, Group } from '@mantine/core';
import { ListFilter } from 'lucide-react';
import { Link, useParams } from 'wouter';
import type { RescanDetail } from '../data/client';
import { useRescan } from '../data/rescans';
import { isOver } from '../data/scans';
import { Facts } from '../parts/facts';
import { PageHead } from '../parts/page-head';
import { ScanProgress } from '../parts/scan-progress';
import { ScanState } from '../parts/scan-state';
import { Section } from '../parts/section';
import { Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { Waiting } from '../parts/waiting';
import { When } from '../parts/when';
import { reportAddress } from '../report/filter';
import { RunActions } from '../scans/run-actions';
import { reportTexts } from '../texts/report';
import { rescanTexts as texts } from '../texts/runs';
import { Changes } from './changes';
import { filterWords } from './filter-words';
import { rescanName } from './rescan-name';

/** The files that this rescan looked at, where their report lists them: by its workflow and its time. */
const InReport = ({ rescan }: { rescan: RescanDetail }) => {
  const { scanId, created, finished, workflows } = rescan;
  if (scanId === undefined || finished === undefined) return null;
  // The report's end of time is a minute, and what ended in the last one belongs to it.
  const to = new Date(Date.parse(finished) + 60_000).toISOString();
  const [only, ...others] = workflows;
  const workflowId = others.length === 0 ? only?.id : undefined;
  return (
    <Button
      component={Link}
      href={reportAddress(scanId, { workflowId, from: created, to })}
      leftSection={<ListFilter size={16} aria-hidden />}
    >
      {texts.inReport}
    </Button>
  );
};

const RescanOf = ({ rescan }: { rescan: RescanDetail }) => {
  const over = isOver(rescan);
  const name = rescanName(rescan);
  return (
    <>
      <PageHead
        title={<bdi className="clamp">{name}</bdi>}
        plain={name}
        crumbs={[{ label: texts.title, href: '/rescans' }]}
        about={
          <Group gap="sm">
            <ScanState scan={rescan} />
            <When time={rescan.created} />
          </Group>
        }
      >
        <RunActions run={rescan} kind="rescan" />
        <InReport rescan={rescan} />
      </PageHead>
      <div className="sections">
        {!over && (
          <Alert color="blue" p="sm">
            <ScanProgress scan={rescan} />
            <Waiting waiting={rescan.waiting} />
          </Alert>
        )}
        <Changes rescan={rescan} over={over} />
        <Section title={texts.how}>
          <Facts
            facts={[
              [
                reportTexts.columns.name,
                rescan.scanId && (
                  <Anchor component={Link} href={`/reports/${rescan.scanId}`} size="sm">
                    {visible(rescan.scanName ?? rescan.scanId)}
                  </Anchor>
                ),
              ],
              [texts.chosen, filterWords(rescan)],
              [
                texts.columns.workflow,
                rescan.workflows.map((one) => `${visible(one.name)}, ${reportTexts.revision(one.revision)}`).join('; '),
              ],
              [texts.engines, rescan.force ? texts.force : texts.noForce],
              [texts.columns.who, visible(rescan.actor)],
              [texts.columns.files, String(rescan.progress.total)],
              [texts.skipped, rescan.skipped > 0 && texts.skippedAbout(rescan.skipped)],
              [texts.canceled, rescan.canceled > 0 && texts.canceledAbout(rescan.canceled)],
              [texts.started, <When key="started" time={rescan.created} />],
              [texts.finished, rescan.finished && <When time={rescan.finished} />],
            ]}
          />
        </Section>
      </div>
    </>
  );
};

/** A rescan: how far it is, and what it changed. */
export const Rescan = () => {
  const { id = '' } = useParams();
  return <Shown query={useRescan(id)}>{(rescan) => <RescanOf key={rescan.id} rescan={rescan} />}</Shown>;
};
