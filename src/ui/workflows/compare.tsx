import { Group, Select, Table, Text } from '@mantine/core';
import { useSearchParams } from 'wouter';
import type { Revision } from '../data/client';
import { Section } from '../parts/section';
import { useTimes } from '../parts/times';
import { revisionTexts as texts } from '../texts/workflow';
import { changesBetween } from './definition';
import { useStorageNames } from './storage-names';

/** Any two revisions side by side, as far as they differ: at first the newest two. Which ones is in the address. */
export const Compare = ({ revisions }: { revisions: Revision[] }) => {
  const [params, setParams] = useSearchParams();
  const nameOf = useStorageNames();
  const { say } = useTimes();
  const find = (key: string) => revisions.find(({ revision }) => String(revision) === params.get(key));
  const later = find('later') ?? revisions[0];
  const earlier = find('earlier') ?? revisions[1];
  if (later === undefined || earlier === undefined) return null;
  const rows = changesBetween(earlier.definition, later.definition, nameOf);
  const data = revisions.map(({ revision, created }) => ({
    value: String(revision),
    label: texts.option(revision, say(created)),
  }));
  const choose = (key: string, revision: string | null) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (revision !== null) next.set(key, revision);
        return next;
      },
      { replace: true },
    );
  const side = (key: 'earlier' | 'later', shown: Revision) => (
    <Select
      label={texts[key]}
      data={data}
      value={String(shown.revision)}
      onChange={(revision) => choose(key, revision)}
      allowDeselect={false}
    />
  );

  return (
    <Section title={texts.compare}>
      <Group grow mb="sm" align="flex-start">
        {side('earlier', earlier)}
        {side('later', later)}
      </Group>
      <Text size="sm" c="dimmed" mb="xs" role="status">
        {rows.length === 0 ? texts.compareSame : texts.compareAbout}
      </Text>
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={200}>{texts.what}</Table.Th>
                <Table.Th>{texts.option(earlier.revision, say(earlier.created))}</Table.Th>
                <Table.Th>{texts.option(later.revision, say(later.created))}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ fact, label, before, after, text }) => (
                <Table.Tr key={fact}>
                  <Table.Th scope="row">{label}</Table.Th>
                  <Table.Td className="name">{before}</Table.Td>
                  <Table.Td className="name">
                    {after}
                    {text !== texts.from(before, after) && (
                      <Text size="xs" c="dimmed">
                        {text}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
};
