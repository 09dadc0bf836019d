import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { useAct } from '../data/act';
import { useProgram } from '../data/program';
import { useStorages, useWorkflows } from '../data/setup';
import { Loading, Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { startTexts as texts } from '../texts/runs';
import { words } from '../texts/words';

interface StartDialogProps {
  /** Chosen already. */
  storageId?: string;
  close: () => void;
}

/** Asks what to scan, starts it, and goes to its report. */
export const StartDialog = ({ storageId, close }: StartDialogProps) => {
  const { client } = useProgram();
  const [, go] = useLocation();
  const storages = useStorages();
  const workflows = useWorkflows().data ?? [];
  const [wish, setWish] = useState({ storageId: storageId ?? '', path: '', workflowId: '', name: '' });
  const change = (part: Partial<typeof wish>) => setWish((old) => ({ ...old, ...part }));
  const chosen = wish.storageId || storages.data?.[0]?.id || '';
  const start = useAct({
    run: () =>
      parseResponse(
        client.scan.$post({
          json: {
            storageId: chosen,
            path: wish.path.trim() || undefined,
            workflowId: wish.workflowId || undefined,
            name: wish.name.trim() || undefined,
          },
        }),
      ),
    done: ({ name }) => texts.started(visible(name)),
    stale: () => [['active'], ['scans'], ['overview']],
    after: ({ id }) => {
      close();
      go(`/reports/${id}`);
    },
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate(undefined);
  };

  return (
    <Modal opened onClose={close} title={texts.title} size="lg" closeButtonProps={{ 'aria-label': words.close }}>
      {storages.isPending && <Loading />}
      {storages.error && !storages.data && <Refused error={storages.error} retry={() => void storages.refetch()} />}
      {storages.data?.length === 0 && <Alert color="yellow">{texts.noStorages}</Alert>}
      {storages.data && storages.data.length > 0 && (
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm" c="dimmed">
              {texts.about}
            </Text>
            <Select
              label={texts.storage}
              data={storages.data.map(({ id, name }) => ({ value: id, label: visible(name) }))}
              value={chosen}
              onChange={(id) => change({ storageId: id ?? '' })}
              allowDeselect={false}
              searchable
            />
            <TextInput
              label={texts.folder}
              description={texts.folderHint}
              value={wish.path}
              maxLength={4096}
              onChange={({ currentTarget }) => change({ path: currentTarget.value })}
            />
            <Select
              label={texts.workflow}
              description={texts.workflowHint}
              data={[
                { value: '', label: texts.workflowOwn },
                ...workflows.map(({ id, name }) => ({ value: id, label: visible(name) })),
              ]}
              value={wish.workflowId}
              onChange={(id) => change({ workflowId: id ?? '' })}
              allowDeselect={false}
            />
            <TextInput
              label={texts.name}
              description={texts.nameHint}
              value={wish.name}
              maxLength={200}
              onChange={({ currentTarget }) => change({ name: currentTarget.value })}
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
      )}
    </Modal>
  );
};
