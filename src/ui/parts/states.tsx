import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Lock, type LucideIcon, SearchX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { isRefusal } from '../data/refusal';
import { words } from '../texts/words';

interface EmptyProps {
  Icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** When it stands for the whole screen, its title is the screen's. */
  whole?: boolean;
}

/** Nothing is there, why, and what to do about it. */
export const Empty = (props: EmptyProps) => (
  <Center className="empty">
    <Stack align="center" gap="xs">
      <props.Icon size={32} strokeWidth={1.5} aria-hidden className="dim" />
      <Text fw={600} component={props.whole ? 'h1' : 'p'} m={0}>
        {props.title}
      </Text>
      {props.children && (
        <Text size="sm" c="dimmed" ta="center" maw={460}>
          {props.children}
        </Text>
      )}
      {props.action}
    </Stack>
  </Center>
);

/** What went wrong, with the hint that came with it. */
export const Refused = ({ error, retry }: { error: unknown; retry?: () => void }) => {
  const refusal = isRefusal(error) ? error : undefined;
  return (
    <Alert color="red" variant="light" icon={<TriangleAlert size={18} aria-hidden />} role="alert" className="refused">
      <Text fw={600} size="sm">
        {refusal?.message ?? words.failed}
      </Text>
      {refusal?.hint && <Text size="sm">{refusal.hint}</Text>}
      {refusal?.errorId && <Text size="sm">{words.errorId(refusal.errorId)}</Text>}
      {retry && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={retry}>
            {words.retry}
          </Button>
        </Group>
      )}
    </Alert>
  );
};

export const Loading = () => (
  <Center p="xl" role="status" aria-label={words.loading}>
    <Loader size="sm" type="dots" />
  </Center>
);

/** A query in each of its states; its data once there is some. */
export function Shown<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { data, error, refetch } = query;
  // What was read once stays, also while it cannot be read again.
  if (data !== undefined) return children(data);
  if (!error) return <Loading />;
  const status = isRefusal(error) ? error.status : undefined;
  if (status === 404)
    return (
      <Empty Icon={SearchX} title={words.notFound} whole>
        {words.notFoundHint}
      </Empty>
    );
  if (status === 403)
    return (
      <Empty Icon={Lock} title={words.forbidden} whole>
        {error.message}
      </Empty>
    );
  return <Refused error={error} retry={() => void refetch()} />;
}
