import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { type FormEvent, useState } from 'react';
import { useAct } from '../data/act';
import type { Storage } from '../data/client';
import { useProgram } from '../data/program';
import { useWorkflows } from '../data/setup';
import { Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { storageTexts as texts } from '../texts/setup';
import { words } from '../texts/words';

/** Adds a storage, or changes the one that is given; a folder that cannot be reached is said after it, by its test. */
export const StorageDialog = ({ storage, close }: { storage?: Storage; close: () => void }) => {
  const { client } = useProgram();
  const workflows = useWorkflows().data ?? [];
  const [wish, setWish] = useState({
    name: storage?.name ?? '',
    path: storage?.options.kind === 'local' ? storage.options.path : '',
    workflowId: storage?.workflowId ?? '',
  });
  const change = (part: Partial<typeof wish>) => setWish((old) => ({ ...old, ...part }));
  const isFolder = storage === undefined || storage.options.kind === 'local';
  const save = useAct({
    run: (): Promise<Storage> => {
      const options = { kind: 'local' as const, path: wish.path };
      const { name } = wish;
      const workflowId = wish.workflowId || undefined;
      if (storage === undefined) return parseResponse(client.storage.$post({ json: { name, options, workflowId } }));
      const json = { name, options: isFolder ? options : undefined, workflowId: workflowId ?? null };
      return parseResponse(client.storage[':id'].$patch({ param: { id: storage.id }, json }));
    },
    done: ({ name }) => (storage ? texts.changed(visible(name)) : texts.added(visible(name))),
    stale: () => [['storages'], ['overview']],
    after: close,
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Modal
      opened
      onClose={close}
      title={storage ? texts.changeTitle : texts.addTitle}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={texts.name}
            value={wish.name}
            maxLength={200}
            required
            withAsterisk={false}
            data-autofocus
            onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          />
          {isFolder && (
            <TextInput
              label={texts.path}
              description={texts.pathHint}
              value={wish.path}
              maxLength={4096}
              required
              withAsterisk={false}
              onChange={({ currentTarget }) => change({ path: currentTarget.value })}
            />
          )}
          <Select
            label={texts.workflow}
            description={texts.workflowHint}
            data={[
              { value: '', label: texts.workflowDefault },
              ...workflows.map(({ id, name }) => ({ value: id, label: visible(name) })),
            ]}
            value={wish.workflowId}
            onChange={(id) => change({ workflowId: id ?? '' })}
            allowDeselect={false}
          />
          {save.error && <Refused error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {words.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
