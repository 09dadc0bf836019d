import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { useProgram, useSession } from '../data/program';
import { shellTexts as texts } from '../texts/shell';

/** Who is signed in, and the way out. */
export const Me = () => {
  const { session } = useProgram();
  const state = useSession();
  if (state.status !== 'in') return null;
  return (
    <Group justify="space-between" wrap="nowrap" className="me">
      <div className="cut">
        <Text size="sm" fw={600} truncate>
          {state.userName}
        </Text>
        <Text size="xs" c="dimmed">
          {texts.roles[state.role]}
        </Text>
      </div>
      <Tooltip label={texts.signOut}>
        <ActionIcon variant="default" size="lg" aria-label={texts.signOut} onClick={() => void session.signOut()}>
          <LogOut size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
};
