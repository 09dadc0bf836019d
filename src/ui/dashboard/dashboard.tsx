import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Engine, Realtime, Scan, Storage } from '../data/client';
import { useHeld } from '../data/quarantine';
import { useRealtime } from '../data/realtime';
import { useActive, useNewestScans } from '../data/scans';
import { useEngines, useStorages } from '../data/setup';
import { EngineState } from '../engines/engine-state';
import { OutcomeBar } from '../parts/outcome-bar';
import { PageHead } from '../parts/page-head';
import { Section } from '../parts/section';
import { Loading, Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { StartButton } from '../scans/start-button';
import { dashboardTexts as texts } from '../texts/dashboard';
import { latestScans, type Need, needsOf, sumOf, trendOf } from './overview';
import { Trend } from './trend';

/** How far back the overview looks. Scans. */
const BACK = 200;
const BARS = 30;

const Needs = ({ needs }: { needs: Need[] }) => (
  <Section title={texts.needs}>
    {needs.length === 0 && <Text size="sm">{texts.needsNothing}</Text>}
    <ul className="plain needs">
      {needs.map(({ text, href }) => (
        <li key={href + text} data-tone="warn">
          <Anchor component={Link} href={href} size="sm" className="clamp">
            {text}
          </Anchor>
        </li>
      ))}
    </ul>
  </Section>
);

const Running = () => {
  const { data } = useActive();
  const n = data === undefined ? 0 : data.scans.filter(({ kind }) => kind === 'scan').length + data.rescans.length;
  return (
    <Section title={texts.running}>
      {n === 0 ? (
        <Text size="sm">{texts.runningNone}</Text>
      ) : (
        <Anchor component={Link} href="/active" size="sm">
          {texts.runningCount(n)}
        </Anchor>
      )}
    </Section>
  );
};

const Held = () => {
  const { data } = useHeld();
  return (
    <Section title={texts.quarantine}>
      {data && data.total > 0 ? (
        <Text size="sm" component="div">
          <Anchor component={Link} href="/quarantine" size="sm" underline="always">
            {texts.held(data.total)}
          </Anchor>
          {data.newest && (
            <span className="dim">
              {', '}
              {texts.heldLast} <When time={data.newest.created} relative />
            </span>
          )}
        </Text>
      ) : (
        <Text size="sm">{data ? texts.heldNone : ' '}</Text>
      )}
    </Section>
  );
};

const Storages = ({ storages, latest }: { storages: Storage[]; latest: Map<string, Scan> }) => (
  <Section title={texts.storages} aside={<ToAll href="/storages" of={texts.storages} />}>
    <ul className="plain lines">
      {storages.map(({ id, name }) => {
        const scan = latest.get(id);
        return (
          <li key={id}>
            <Text size="sm" fw={500} className="name">
              {scan ? (
                <Anchor component={Link} href={`/reports/${scan.id}`} size="sm">
                  {visible(name)}
                </Anchor>
              ) : (
                visible(name)
              )}
            </Text>
            <Text size="xs" c="dimmed" component="span">
              {scan ? <When time={scan.finished} relative /> : texts.neverScanned}
            </Text>
            {scan && <OutcomeBar counts={scan.counts} />}
          </li>
        );
      })}
    </ul>
  </Section>
);

const Engines = ({ engines }: { engines: Engine[] }) => (
  <Section title={texts.engines} aside={<ToAll href="/engines" of={texts.engines} />}>
    <ul className="plain lines">
      {engines.map((engine) => (
        <li key={engine.id} className="line">
          <Text size="sm" fw={500}>
            {visible(engine.name)}
          </Text>
          <EngineState engine={engine} />
          {engine.definitions?.date && (
            <Text size="xs" c="dimmed" component="span">
              <When time={engine.definitions.date} relative />
            </Text>
          )}
        </li>
      ))}
    </ul>
  </Section>
);

const ToAll = ({ href, of }: { href: string; of: string }) => (
  <Anchor component={Link} href={href} size="sm" aria-label={`${texts.toAll}: ${of}`}>
    {texts.toAll}
  </Anchor>
);

const Overview = (know: { storages: Storage[]; scans: Scan[]; engines: Engine[]; realtime: Realtime[] }) => {
  const latest = latestScans(know.scans);
  const trend = trendOf(know.scans, BARS);
  return (
    <div className="sections">
      <Needs needs={needsOf(know)} />
      <div className="halves">
        <Running />
        <Held />
      </div>
      <Section title={texts.totals}>
        {latest.size === 0 ? <Text size="sm">{texts.totalsNone}</Text> : <OutcomeBar counts={sumOf(latest.values())} />}
      </Section>
      {trend.length > 1 && <Trend scans={trend} />}
      <div className="halves">
        <Storages storages={know.storages} latest={latest} />
        <Engines engines={know.engines} />
      </div>
    </div>
  );
};

/** What is known at a glance, and what needs a person. */
export const Dashboard = () => {
  const queries = {
    storages: useStorages(),
    scans: useNewestScans(BACK),
    engines: useEngines(),
    realtime: useRealtime(),
  };
  const { storages, scans, engines, realtime } = queries;
  const failed = Object.values(queries).find(({ error, data }) => error && data === undefined);
  return (
    <>
      <PageHead title={texts.title} about={texts.about}>
        <StartButton />
      </PageHead>
      {failed && <Refused error={failed.error} retry={() => void failed.refetch()} />}
      {storages.data && scans.data && engines.data && realtime.data ? (
        <Overview storages={storages.data} scans={scans.data} engines={engines.data} realtime={realtime.data} />
      ) : (
        !failed && <Loading />
      )}
    </>
  );
};
