import { Anchor, Button, Table, Text } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { HardDrive } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useAct } from '../data/act';
import type { Realtime as Active, Storage } from '../data/client';
import { useMay, useProgram } from '../data/program';
import { useRealtime } from '../data/realtime';
import { useStorages } from '../data/setup';
import { count } from '../parts/amounts';
import { Confirm } from '../parts/confirm';
import { Tag, type Tone } from '../parts/outcome';
import { PageHead } from '../parts/page-head';
import { Empty, Shown } from '../parts/states';
import { sentence, visible } from '../parts/visible';
import { When } from '../parts/when';
import { realtimeTexts as texts } from '../texts/setup';
import { StartRealtime } from './start-dialog';

const TONES: Record<Active['state'] | 'off', Tone> = {
  off: 'calm',
  starting: 'busy',
  listing: 'busy',
  watching: 'good',
  polling: 'good',
  away: 'warn',
};

const Switch = ({ storage, active }: { storage: Storage; active?: Active }) => {
  const { client } = useProgram();
  const [asking, setAsking] = useState(false);
  const name = visible(storage.name);
  const stop = useAct({
    run: (scanId: string) => parseResponse(client.realtime[':scanId'].$delete({ param: { scanId } })),
    done: () => texts.stopped(name),
    stale: () => [['realtime'], ['scans'], ['active'], ['overview']],
    quiet: true,
  });
  const close = () => setAsking(false);
  const isOn = active !== undefined;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        aria-label={isOn ? texts.stopOf(name) : texts.startOf(name)}
        onClick={() => setAsking(true)}
      >
        {isOn ? texts.stop : texts.start}
      </Button>
      {asking && !isOn && <StartRealtime storage={storage} close={close} />}
      {asking && isOn && (
        <Confirm title={texts.stopTitle} verb={texts.stop} run={() => stop.mutateAsync(active.scan.id)} close={close}>
          {texts.stopAbout}
        </Confirm>
      )}
    </>
  );
};

const Row = ({ storage, active, may }: { storage: Storage; active?: Active; may: boolean }) => {
  const state = active?.state ?? 'off';
  return (
    <Table.Tr>
      <Table.Td className="name" fw={500}>
        {visible(storage.name)}
      </Table.Td>
      <Table.Td>
        <Tag tone={TONES[state]}>{texts.states[state]}</Tag>
        {active?.reason && (
          <Text size="xs" c="dimmed" className="clamp">
            {sentence(visible(active.reason))}
          </Text>
        )}
        {active && active.lost > 0 && (
          <Text size="xs" c="dimmed">
            {texts.lost(active.lost)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <When time={active?.listed} relative />
      </Table.Td>
      <Table.Td className="num">
        {active && (
          <Anchor component={Link} href={`/reports/${active.scan.id}`} size="sm">
            {count(active.scan.counts.total)} · {texts.report}
          </Anchor>
        )}
      </Table.Td>
      {may && (
        <Table.Td className="right">
          <Switch storage={storage} active={active} />
        </Table.Td>
      )}
    </Table.Tr>
  );
};

/** Which storages are processed in real time, and how that goes. */
export const Realtime = () => {
  const realtime = useRealtime();
  const may = useMay('operator');
  const { actions, ...columns } = texts.columns;
  return (
    <>
      <PageHead title={texts.title} about={texts.about} />
      <Shown query={useStorages()}>
        {(storages) =>
          storages.length === 0 ? (
            <Empty Icon={HardDrive} title={texts.none}>
              {texts.noneAbout}
            </Empty>
          ) : (
            <Shown query={realtime}>
              {(active) => (
                <Table.ScrollContainer minWidth={680} className="card">
                  <Table>
                    <Table.Thead>
                      <Table.Tr>
                        {Object.entries(columns).map(([key, label]) => (
                          <Table.Th key={key}>{label}</Table.Th>
                        ))}
                        {may && <Table.Th className="right">{actions}</Table.Th>}
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {storages.map((storage) => (
                        <Row
                          key={storage.id}
                          storage={storage}
                          active={active.find(({ scan }) => scan.storageId === storage.id)}
                          may={may}
                        />
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              )}
            </Shown>
          )
        }
      </Shown>
    </>
  );
};
