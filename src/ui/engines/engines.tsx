import { Button, Table, Text, Tooltip } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { Bug, RotateCcw } from 'lucide-react';
import type { Detection } from '../../core/result';
import { useAct } from '../data/act';
import type { Engine } from '../data/client';
import { useMay, useProgram } from '../data/program';
import { useEngines } from '../data/setup';
import { PageHead } from '../parts/page-head';
import { Empty, Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { detectionTexts } from '../texts/results';
import { engineTexts as texts } from '../texts/setup';
import { EngineState } from './engine-state';

/** What an engine can find is a detection, or a kind that only some of them know. */
const KINDS: Record<string, string> = texts.kinds;
const kindOf = (kind: string): string => detectionTexts[kind as Detection]?.label ?? KINDS[kind] ?? visible(kind);

const Row = ({ engine }: { engine: Engine }) => (
  <Table.Tr>
    <Table.Td fw={500}>{visible(engine.name)}</Table.Td>
    <Table.Td>
      <EngineState engine={engine} />
      {engine.reason && (
        <Text size="xs" c="dimmed" className="clamp">
          {visible(engine.reason)}
        </Text>
      )}
    </Table.Td>
    <Table.Td>{engine.finds.map(kindOf).join(', ')}</Table.Td>
    <Table.Td>
      <div className="clamp">{visible(engine.definitions?.version ?? texts.unknown)}</div>
    </Table.Td>
    <Table.Td>
      <When time={engine.definitions?.date} relative />
    </Table.Td>
  </Table.Tr>
);

const Reload = ({ engines }: { engines: Engine[] }) => {
  const { client } = useProgram();
  const reload = useAct({
    // One call opens all of them anew.
    run: (id: string) => parseResponse(client.engine[':id'].reload.$post({ param: { id } })),
    done: () => texts.reloaded,
    stale: () => [['engines'], ['scan']],
  });
  const [first] = engines;
  if (!useMay('admin') || first === undefined) return null;
  return (
    <Tooltip label={texts.reloadAbout}>
      <Button
        variant="default"
        leftSection={<RotateCcw size={16} aria-hidden />}
        loading={reload.isPending}
        onClick={() => reload.mutate(first.id)}
      >
        {texts.reload}
      </Button>
    </Tooltip>
  );
};

/** The engines, whether they work, and how old their definitions are. */
export const Engines = () => {
  const query = useEngines();
  return (
    <>
      <PageHead title={texts.title} about={texts.about}>
        <Reload engines={query.data ?? []} />
      </PageHead>
      <Shown query={query}>
        {(engines) =>
          engines.length === 0 ? (
            <Empty Icon={Bug} title={texts.none}>
              {texts.noneAbout}
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={760} className="card">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    {Object.entries(texts.columns).map(([key, label]) => (
                      <Table.Th key={key}>{label}</Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {engines.map((engine) => (
                    <Row key={engine.id} engine={engine} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Shown>
    </>
  );
};
