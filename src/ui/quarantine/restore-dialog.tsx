import { Button, Checkbox, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { ArchiveRestore } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useAct } from '../data/act';
import type { Quarantined, Storage } from '../data/client';
import { useProgram } from '../data/program';
import { isRefusal } from '../data/refusal';
import { Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { restoreTexts as texts } from '../texts/quarantine';
import { words } from '../texts/words';
import { folderIn, nameOf, numbered } from './places';

interface RestoreProps {
  entry: Quarantined;
  storages: Storage[];
  close: () => void;
}

/** What a restore does, before it does it. */
const Will = ({ name, isThere, allow }: { name: string; isThere: boolean; allow: boolean }) => (
  <div>
    <Text size="sm" fw={600}>
      {texts.will}
    </Text>
    <ul className="points">
      <li>{texts.attributes}</li>
      <li>{isThere ? texts.taken.there : texts.taken.elsewhere(visible(numbered(name)))}</li>
      <li>{texts.gone}</li>
      <li>{allow ? texts.allowed : texts.again}</li>
    </ul>
  </div>
);

/** Asks where a file in quarantine is to go, says what will happen, and restores it. */
export const RestoreDialog = ({ entry, storages, close }: RestoreProps) => {
  const { client } = useProgram();
  const own = storages.find(({ id }) => id === entry.storageId);
  const [where, setWhere] = useState<'there' | 'elsewhere'>(own ? 'there' : 'elsewhere');
  const [storageId, setStorageId] = useState((own ?? storages[0])?.id ?? '');
  const [folder, setFolder] = useState((own && folderIn(own, entry.path)) ?? '');
  const [allow, setAllow] = useState(false);
  const name = nameOf(entry.path);
  const isThere = where === 'there';
  const restore = useAct({
    run: (to: { storageId: string; folder: string } | undefined) =>
      parseResponse(client.quarantine[':id'].restore.$post({ param: { id: entry.id }, json: { to, allow } })),
    done: ({ path, allowedBy }) => (
      <bdi className="name">{texts.done(visible(path), allowedBy && visible(allowedBy.name))}</bdi>
    ),
    stale: () => [['quarantine'], ['file', entry.fileId], ['workflows']],
    after: close,
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    restore.mutate(isThere ? undefined : { storageId, folder });
  };
  const isTaken = isThere && isRefusal(restore.error) && restore.error.key === 'NAME_TAKEN';

  return (
    <Modal opened onClose={close} title={texts.title} size="lg" closeButtonProps={{ 'aria-label': words.close }}>
      <form onSubmit={submit}>
        <Stack>
          <Text className="mono">
            <bdi>{visible(entry.path)}</bdi>
          </Text>
          <Radio.Group label={texts.where} value={where} onChange={(value) => setWhere(value as typeof where)}>
            <Stack gap={8} mt={6}>
              <Radio
                value="there"
                label={texts.there}
                description={own ? undefined : texts.thereGone}
                disabled={own === undefined}
              />
              <Radio value="elsewhere" label={texts.elsewhere} />
            </Stack>
          </Radio.Group>
          {!isThere && (
            <>
              <Select
                label={texts.storage}
                data={storages.map(({ id, name }) => ({ value: id, label: visible(name) }))}
                value={storageId}
                onChange={(id) => setStorageId(id ?? '')}
                allowDeselect={false}
              />
              <TextInput
                label={texts.folder}
                description={texts.folderHint}
                value={folder}
                maxLength={4096}
                onChange={({ currentTarget }) => setFolder(currentTarget.value)}
              />
            </>
          )}
          <Checkbox
            label={texts.allow}
            description={texts.allowHint}
            checked={allow}
            onChange={({ currentTarget }) => setAllow(currentTarget.checked)}
          />
          <Will name={name} isThere={isThere} allow={allow} />
          {restore.error && <Refused error={restore.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {words.cancel}
            </Button>
            {isTaken && own && folderIn(own, entry.path) !== undefined ? (
              <Button
                loading={restore.isPending}
                onClick={() => restore.mutate({ storageId: own.id, folder: folderIn(own, entry.path) ?? '' })}
              >
                {texts.numbered}
              </Button>
            ) : (
              <Button
                type="submit"
                leftSection={<ArchiveRestore size={16} aria-hidden />}
                loading={restore.isPending}
                disabled={!isThere && storageId === ''}
              >
                {texts.go}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
