import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { type FormEvent, useState } from 'react';
import { useAct } from '../data/act';
import type { Storage } from '../data/client';
import { useProgram } from '../data/program';
import { Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { realtimeTexts as texts } from '../texts/setup';
import { words } from '../texts/words';

/** Says what real-time processing of a storage will do, and starts it. */
export const StartRealtime = ({ storage, close }: { storage: Storage; close: () => void }) => {
  const { client } = useProgram();
  const [existing, setExisting] = useState(false);
  const start = useAct({
    run: () => parseResponse(client.realtime.$post({ json: { storageId: storage.id, existing } })),
    done: () => texts.started(visible(storage.name)),
    stale: () => [['realtime'], ['scans'], ['active'], ['overview']],
    after: close,
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate(undefined);
  };
  return (
    <Modal opened onClose={close} title={texts.startTitle} closeButtonProps={{ 'aria-label': words.close }}>
      <form onSubmit={submit}>
        <Stack>
          <div>
            <Text fw={600} className="name">
              {visible(storage.name)}
            </Text>
            <Text size="sm" c="dimmed">
              {texts.startAbout}
            </Text>
          </div>
          <Checkbox
            label={texts.existing}
            checked={existing}
            onChange={({ currentTarget }) => setExisting(currentTarget.checked)}
          />
          {start.error && <Refused error={start.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={start.isPending}>
              {texts.go}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
