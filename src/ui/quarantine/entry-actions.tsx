import { Button, Group } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { useState } from 'react';
import { useAct } from '../data/act';
import type { Quarantined } from '../data/client';
import { useMay, useProgram } from '../data/program';
import { useStorages } from '../data/setup';
import { Confirm } from '../parts/confirm';
import { visible } from '../parts/visible';
import { purgeTexts, quarantineTexts as texts } from '../texts/quarantine';
import { words } from '../texts/words';
import { nameOf } from './places';
import { RestoreDialog } from './restore-dialog';

/** What an administrator can do with a file in quarantine. @param large on its own screen */
export const EntryActions = ({ entry, large = false }: { entry: Quarantined; large?: boolean }) => {
  const { client } = useProgram();
  const [dialog, setDialog] = useState<'restore' | 'purge'>();
  const storages = useStorages().data;
  const may = useMay('admin');
  const name = visible(nameOf(entry.path));
  const purge = useAct({
    run: () => parseResponse(client.quarantine[':id'].$delete({ param: { id: entry.id } })),
    done: () => <bdi className="name">{purgeTexts.done(name)}</bdi>,
    stale: () => [['quarantine'], ['file', entry.fileId]],
    quiet: true,
  });
  if (!may || entry.state !== 'held') return null;
  const size = large ? 'sm' : 'xs';
  const close = () => setDialog(undefined);
  return (
    <Group gap={large ? 'xs' : 6} justify="flex-end" wrap="nowrap">
      <Button
        size={size}
        variant={large ? 'filled' : 'default'}
        aria-label={large ? undefined : texts.restoreOf(name)}
        onClick={() => setDialog('restore')}
      >
        {texts.restore}
      </Button>
      <Button
        size={size}
        variant="default"
        aria-label={large ? undefined : texts.removeOf(name)}
        onClick={() => setDialog('purge')}
      >
        {large ? texts.remove : words.remove}
      </Button>
      {dialog === 'restore' && storages && <RestoreDialog entry={entry} storages={storages} close={close} />}
      {dialog === 'purge' && (
        <Confirm title={purgeTexts.title} verb={purgeTexts.verb} run={() => purge.mutateAsync(undefined)} close={close}>
          <bdi className="name">{purgeTexts.about(name)}</bdi>
        </Confirm>
      )}
    </Group>
  );
};
