import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { words } from '../texts/words';
import { Refused } from './states';

interface ConfirmProps {
  title: string;
  /** What will happen, and what of it cannot be undone. */
  children: ReactNode;
  /** The verb of the button that does it. */
  verb: string;
  run: () => Promise<unknown>;
  /** False while something that it needs is not given. */
  ready?: boolean;
  /** The verb of the button that leaves all as it is. */
  keep?: string;
  close: () => void;
}

/** Asks before what cannot be undone. */
export const Confirm = ({ title, children, verb, run, ready = true, keep = words.cancel, close }: ConfirmProps) => {
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const go = () => {
    setRunning(true);
    run().then(close, (reason: unknown) => {
      setRunning(false);
      setError(reason);
    });
  };
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        {error !== undefined && <Refused error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {keep}
          </Button>
          <Button color="red" loading={running} disabled={!ready} onClick={go}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
};
