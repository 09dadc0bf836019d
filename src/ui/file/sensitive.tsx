import { Group, Text, Title } from '@mantine/core';
import type { FileResult } from '../data/client';
import { Tag } from '../parts/outcome';
import { Section } from '../parts/section';
import { Some } from '../parts/some';
import { visible } from '../parts/visible';
import { sensitiveTexts as texts } from '../texts/findings';

type Types = NonNullable<FileResult['scanResult']['dlpInfo']['hits']>;
type Type = Types[string];
type Hit = Type['hits'][number];

const FIRST = 5;

const Find = ({ hit }: { hit: Hit }) => (
  <li className="find">
    <bdi className="mono hit">
      {visible(hit.before)}
      <mark>{visible(hit.hit)}</mark>
      {visible(hit.after)}
    </bdi>
    <div>
      <Tag tone={hit.severity === 0 ? 'warn' : 'calm'}>{texts.certainties[hit.certainty]}</Tag>{' '}
      <Text size="xs" c="dimmed" className="num nowrap" component="span">
        {texts.score(hit.certainty_score)}
      </Text>
    </div>
    {hit.path !== undefined && (
      <Text size="xs" c="dimmed" component="div" className="name">
        {texts.place} <bdi className="mono">{visible(hit.path)}</bdi>
      </Text>
    )}
  </li>
);

const Finds = ({ type }: { type: Type }) => (
  <div className="group">
    <Group gap="sm" mb={4}>
      <Title order={3}>{visible(type.display_name)}</Title>
      <Text size="sm" c="dimmed" className="num">
        {texts.found(type.count)}
      </Text>
      {type.hits.every(({ severity }) => severity !== 0) && (
        <Text size="sm" c="dimmed">
          {texts.slight}
        </Text>
      )}
    </Group>
    <Some of={type.hits} first={FIRST} all={texts.all}>
      {(hits) => (
        <ul className="plain">
          {hits.map((hit, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two finds may look the same; their order does not change.
            <Find key={i} hit={hit} />
          ))}
        </ul>
      )}
    </Some>
    {type.left_out > 0 && (
      <Text size="sm" c="dimmed" mt={6}>
        {texts.leftOut(type.left_out)}
      </Text>
    )}
  </div>
);

/** What sensitive data a file and its members hold: each find with the text around it, masked unless the workflow shows it. */
export const Sensitive = ({ types }: { types: Types }) => (
  <Section title={texts.title}>
    {Object.entries(types).map(([key, type]) => (
      <Finds key={key} type={type} />
    ))}
  </Section>
);
