import { Select, SimpleGrid, Switch, Table, Text, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { HistoryEntry } from '../data/client';
import { localTime } from '../parts/amounts';
import { Section } from '../parts/section';
import { fileTexts as texts } from '../texts/file';
import type { Act } from './acts';
import { type Compared, compare } from './compared';

/** @param marked tells what differs from what does not */
const Points = ({ points, marked }: { points: Compared[]; marked: boolean }) => (
  <Table.ScrollContainer minWidth={560} mt="sm">
    <Table layout="fixed" className="compare">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={150}>{texts.what}</Table.Th>
          <Table.Th>{texts.earlier}</Table.Th>
          <Table.Th>{texts.later}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {points.map(({ name, earlier: before, later: after, differs }) => (
          <Table.Tr key={name} className={differs && marked ? 'differs' : undefined}>
            <Table.Th scope="row">
              {name}
              {differs && <VisuallyHidden> ({texts.differs})</VisuallyHidden>}
            </Table.Th>
            <Table.Td>
              <div className="clamp">{before}</div>
            </Table.Td>
            <Table.Td>
              <div className="clamp">{after}</div>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);

/** Two processings of a file side by side: at first the newest two. */
export const Compare = ({ entries, acts }: { entries: HistoryEntry[]; acts: Map<string, Act[]> }) => {
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const [chosen, setChosen] = useState<{ earlier?: string; later?: string }>({});
  const later = entries.find(({ id }) => id === chosen.later) ?? entries[0];
  const earlier = entries.find(({ id }) => id === chosen.earlier) ?? entries[1];
  if (earlier === undefined || later === undefined) return null;
  const rows = compare(earlier, later, acts);
  const different = rows.filter(({ differs }) => differs);
  const shown = onlyDifferent ? different : rows;
  const data = entries.map(({ id, finished, reason }) => ({
    value: id,
    label: texts.processing(localTime(finished), texts.reasons[reason]),
  }));

  return (
    <Section
      title={texts.compare}
      aside={
        <Switch
          size="xs"
          label={texts.onlyDifferences}
          checked={onlyDifferent}
          onChange={({ currentTarget }) => setOnlyDifferent(currentTarget.checked)}
        />
      }
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <Select
          label={texts.earlier}
          data={data}
          value={earlier.id}
          onChange={(id) => id && setChosen({ ...chosen, earlier: id })}
          allowDeselect={false}
        />
        <Select
          label={texts.later}
          data={data}
          value={later.id}
          onChange={(id) => id && setChosen({ ...chosen, later: id })}
          allowDeselect={false}
        />
      </SimpleGrid>
      {different.length === 0 && (
        <Text size="sm" mt="sm">
          {texts.same}
        </Text>
      )}
      {shown.length > 0 && <Points points={shown} marked={!onlyDifferent} />}
    </Section>
  );
};
