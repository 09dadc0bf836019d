import { Table, Text } from '@mantine/core';
import { CircleCheck, CircleSlash, type LucideIcon, ShieldAlert, TriangleAlert } from 'lucide-react';
import type { HistoryEntry } from '../data/client';
import { duration } from '../parts/amounts';
import { Tag, type Tone } from '../parts/outcome';
import { Section } from '../parts/section';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { fileTexts as texts } from '../texts/file';

export type Answer = HistoryEntry['engines'][number];

const LOOKS: Record<Answer['status'], { tone: Tone; Icon: LucideIcon }> = {
  clean: { tone: 'good', Icon: CircleCheck },
  detected: { tone: 'bad', Icon: ShieldAlert },
  skipped: { tone: 'calm', Icon: CircleSlash },
  failed: { tone: 'warn', Icon: TriangleAlert },
};

const AnswerTag = ({ status }: { status: Answer['status'] }) => <Tag {...LOOKS[status]}>{texts.statuses[status]}</Tag>;

const Row = ({ answer }: { answer: Answer }) => (
  <Table.Tr>
    <Table.Td>{visible(answer.engineName)}</Table.Td>
    <Table.Td>
      <AnswerTag status={answer.status} />
    </Table.Td>
    <Table.Td>
      <div className="clamp">{visible(answer.threatFound || (answer.reason ?? ''))}</div>
      {answer.answered && (
        <Text size="xs" c="dimmed">
          {texts.reused} <When time={answer.answered} relative />
          {texts.reusedWhy}
        </Text>
      )}
    </Table.Td>
    <Table.Td>
      {visible(answer.definitions?.version ?? texts.noVersion)}
      {answer.definitions?.date && (
        <Text size="xs" c="dimmed" component="div">
          <When time={answer.definitions.date} relative />
        </Text>
      )}
    </Table.Td>
    <Table.Td className="num right">{duration(answer.scanTime)}</Table.Td>
  </Table.Tr>
);

/** What each engine said in one processing, and with which definitions. */
export const Answers = ({ answers }: { answers: Answer[] }) => (
  <Section title={texts.engines} flush={answers.length > 0}>
    {answers.length === 0 ? (
      <Text size="sm" c="dimmed">
        {texts.noEngines}
      </Text>
    ) : (
      <Table.ScrollContainer minWidth={640}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.engine}</Table.Th>
              <Table.Th>{texts.answer}</Table.Th>
              <Table.Th>{texts.found}</Table.Th>
              <Table.Th>{texts.definitions}</Table.Th>
              <Table.Th className="right">{texts.time}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {answers.map((answer) => (
              <Row key={answer.engId} answer={answer} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    )}
  </Section>
);
