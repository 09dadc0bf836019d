import { Button, Group, Input, Modal, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
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
import { BucketFields } from './bucket-fields';
import { type StorageWish, toRequest, wishFor } from './wish';

const KINDS = ['local', 's3'] as const;

/** Adds a storage, or changes the one that is given; whether it can be reached is said after it, by its test. */
export const StorageDialog = ({ storage, close }: { storage?: Storage; close: () => void }) => {
  const { client } = useProgram();
  const workflows = useWorkflows().data ?? [];
  const [wish, setWish] = useState(() => wishFor(storage));
  const change = (part: Partial<StorageWish>) => setWish((old) => ({ ...old, ...part }));
  const save = useAct({
    run: (): Promise<Storage> => {
      const json = toRequest(wish);
      if (storage === undefined) return parseResponse(client.storage.$post({ json }));
      const workflowId = json.workflowId ?? null;
      return parseResponse(client.storage[':id'].$patch({ param: { id: storage.id }, json: { ...json, workflowId } }));
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
      size="lg"
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          {storage === undefined && (
            <Input.Wrapper label={texts.kind} labelElement="div">
              <SegmentedControl
                mt={4}
                fullWidth
                aria-label={texts.kind}
                value={wish.kind}
                onChange={(kind) => change({ kind: kind as StorageWish['kind'] })}
                data={KINDS.map((value) => ({ value, label: texts.kinds[value] }))}
              />
            </Input.Wrapper>
          )}
          <TextInput
            label={texts.name}
            value={wish.name}
            maxLength={200}
            required
            withAsterisk={false}
            data-autofocus
            onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          />
          {wish.kind === 'local' ? (
            <TextInput
              label={texts.path}
              description={texts.pathHint}
              value={wish.path}
              maxLength={4096}
              required
              withAsterisk={false}
              onChange={({ currentTarget }) => change({ path: currentTarget.value })}
            />
          ) : (
            <BucketFields wish={wish} change={change} hasSecret={storage?.options.kind === 's3'} />
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
        </Stack>
        <div className="dialog-foot">
          {save.error && <Refused error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {words.save}
            </Button>
          </Group>
        </div>
      </form>
    </Modal>
  );
};
