import { Group, Select, Table, Text, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { HistoryEntry } from '../data/client';
import { localTime } from '../parts/amounts';
import { Section } from '../parts/section';
import { fileTexts as texts } from '../texts/file';
import { compare } from './compared';

/** Two processings of a file side by side: at first the newest two. */
export const Compare = ({ entries }: { entries: HistoryEntry[] }) => {
  const [chosen, setChosen] = useState<{ earlier?: string; later?: string }>({});
  const later = entries.find(({ id }) => id === chosen.later) ?? entries[0];
  const earlier = entries.find(({ id }) => id === chosen.earlier) ?? entries[1];
  if (earlier === undefined || later === undefined) return null;
  const rows = compare(earlier, later);
  const data = entries.map(({ id, finished, reason }) => ({
    value: id,
    label: texts.processing(localTime(finished), texts.reasons[reason]),
  }));

  return (
    <Section title={texts.compare}>
      <Text size="sm" c="dimmed" mb="sm">
        {rows.some(({ differs }) => differs) ? texts.compareAbout : texts.same}
      </Text>
      <Group grow mb="sm">
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
      </Group>
      <Table.ScrollContainer minWidth={560}>
        <Table layout="fixed" className="compare">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={150}>{texts.what}</Table.Th>
              <Table.Th>{texts.earlier}</Table.Th>
              <Table.Th>{texts.later}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, earlier: before, later: after, differs }) => (
              <Table.Tr key={name} className={differs ? 'differs' : undefined}>
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
    </Section>
  );
};
