import { Anchor, Group, Text, Title } from '@mantine/core';
import { Activity } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useActive } from '../data/scans';
import { OutcomeBar } from '../parts/outcome-bar';
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
  kind: 'scan' | 'rescan';
  name: string;
  href: string;
  about?: string;
  children?: ReactNode;
}

const RunCard = ({ run, kind, name, href, about, children }: RunCardProps) => (
  <li className="card section">
    <Group justify="space-between" align="flex-start">
      <div className="page-title">
        <Anchor component={Link} href={href} fw={600}>
          <bdi className="clamp">{name}</bdi>
        </Anchor>
        <Group gap="xs">
          <ScanState scan={run} />
          {about && (
            <Text size="sm" c="dimmed" className="name">
              {about}
            </Text>
          )}
          <Text size="sm" c="dimmed" component="span">
            <When time={run.created} relative />
          </Text>
        </Group>
      </div>
      <RunActions run={run} kind={kind} />
    </Group>
    <ScanProgress scan={run} />
    {children}
  </li>
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
          {scans.length > 0 && (
            <>
              <Title order={2} mb="xs">
                {texts.scans}
              </Title>
              <ul className="sections plain">
                {scans.map((scan) => (
                  <RunCard
                    key={scan.id}
                    run={scan}
                    kind="scan"
                    name={visible(scan.name)}
                    href={`/reports/${scan.id}`}
                    about={reportTexts.of(visible(scan.storageName))}
                  >
                    <Waiting waiting={scan.waiting} />
                    <OutcomeBar counts={scan.counts} />
                  </RunCard>
                ))}
              </ul>
            </>
          )}
          {rescans.length > 0 && (
            <>
              <Title order={2} mb="xs" mt="lg">
                {texts.rescans}
              </Title>
              <ul className="sections plain">
                {rescans.map((rescan) => (
                  <RunCard
                    key={rescan.id}
                    run={rescan}
                    kind="rescan"
                    name={rescanName(rescan)}
                    href={`/rescans/${rescan.id}`}
                  />
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Shown>
  </>
);
