import { Anchor, Group as Row, Text, Title } from '@mantine/core';
import { Activity } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Scan } from '../data/client';
import { useActive } from '../data/scans';
import { OutcomeCounts } from '../parts/outcome-bar';
import { PageHead } from '../parts/page-head';
import { ScanProgress } from '../parts/scan-progress';
import { ScanState } from '../parts/scan-state';
import { Empty, Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { Waiting } from '../parts/waiting';
import { When } from '../parts/when';
import { rescanName } from '../rescan/rescan-name';
import { reportTexts } from '../texts/report';
import { activeTexts as texts } from '../texts/runs';
import { RunActions } from './run-actions';
import { StartButton } from './start-button';

interface RunCardProps {
  run: Parameters<typeof ScanProgress>[0]['scan'] & Parameters<typeof ScanState>[0]['scan'] & { created: string };
  name: string;
  href: string;
  about?: string;
  actions: ReactNode;
  endless?: boolean;
  children?: ReactNode;
}

const RunCard = ({ run, name, href, about, actions, endless = false, children }: RunCardProps) => (
  <li className="card section">
    <Row justify="space-between" align="flex-start">
      <div className="page-title">
        <Anchor component={Link} href={href} fw={600}>
          <bdi className="clamp">{name}</bdi>
        </Anchor>
        <Row gap="xs">
          <ScanState scan={run} />
          {about && (
            <Text size="sm" c="dimmed" className="name">
              {about}
            </Text>
          )}
          <Text size="sm" c="dimmed" component="span">
            <When time={run.created} relative />
          </Text>
        </Row>
      </div>
      {actions}
    </Row>
    {/* What only ends when it is stopped is on its way nowhere. */}
    {endless ? <Text size="sm">{texts.sofar(run.progress.done)}</Text> : <ScanProgress scan={run} />}
    {children}
  </li>
);

const ScanCard = ({ scan, actions }: { scan: Scan; actions: ReactNode }) => (
  <RunCard
    run={scan}
    name={visible(scan.name)}
    href={`/reports/${scan.id}`}
    about={reportTexts.of(visible(scan.storageName))}
    actions={actions}
    endless={scan.kind === 'realtime'}
  >
    <Waiting waiting={scan.waiting} />
    <OutcomeCounts counts={scan.counts} />
  </RunCard>
);

/** Real-time processing ends where it is begun: to cancel it like a scan would be refused. */
const ToRealtime = () => (
  <Anchor component={Link} href="/realtime" size="sm">
    {texts.toRealtime}
  </Anchor>
);

const Group = ({ title, children }: { title: string; children: ReactNode[] }) =>
  children.length > 0 && (
    <section className="run-group" aria-label={title}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      <ul className="sections plain">{children}</ul>
    </section>
  );

/** Scans and rescans that are not over. */
export const Active = () => (
  <>
    <PageHead title={texts.title} about={texts.about}>
      <StartButton />
    </PageHead>
    <Shown query={useActive()}>
      {({ scans, rescans }) => (
        <>
          {scans.length + rescans.length === 0 && (
            <Empty Icon={Activity} title={texts.none}>
              {texts.noneAbout}
            </Empty>
          )}
          <Group title={texts.scans}>
            {scans
              .filter(({ kind }) => kind === 'scan')
              .map((scan) => (
                <ScanCard key={scan.id} scan={scan} actions={<RunActions run={scan} kind="scan" />} />
              ))}
          </Group>
          <Group title={texts.rescans}>
            {rescans.map((rescan) => (
              <RunCard
                key={rescan.id}
                run={rescan}
                name={rescanName(rescan)}
                href={`/rescans/${rescan.id}`}
                actions={<RunActions run={rescan} kind="rescan" />}
              />
            ))}
          </Group>
          <Group title={texts.realtime}>
            {scans
              .filter(({ kind }) => kind === 'realtime')
              .map((scan) => (
                <ScanCard key={scan.id} scan={scan} actions={<ToRealtime />} />
              ))}
          </Group>
        </>
      )}
    </Shown>
  </>
);
