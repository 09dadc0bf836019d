import { Text } from '@mantine/core';
import { CloudOff } from 'lucide-react';
import { words } from '../texts/words';
import { Tag } from './outcome';
import { visible } from './visible';
import { When } from './when';

export interface WaitingOf {
  reason: string;
  hint?: string;
  since: string;
}

/** Says that a storage is away, why, and since when; what waits for it goes on by itself. */
export const Waiting = ({ waiting }: { waiting?: WaitingOf }) => {
  if (waiting === undefined) return null;
  return (
    <div>
      <Tag tone="warn" Icon={CloudOff}>
        {words.away}
      </Tag>{' '}
      <Text size="xs" c="dimmed" component="span">
        <When time={waiting.since} relative />
      </Text>
      <Text size="sm" className="clamp" component="div">
        {visible(waiting.reason)}
      </Text>
      {waiting.hint && (
        <Text size="sm" className="clamp" component="div">
          {visible(waiting.hint)}
        </Text>
      )}
      <Text size="xs" c="dimmed" component="div">
        {words.awayAbout}
      </Text>
    </div>
  );
};
