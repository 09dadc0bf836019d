import { Button, Group } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { useState } from 'react';
import { useAct } from '../data/act';
import type { Storage } from '../data/client';
import { useMay, useProgram } from '../data/program';
import { Confirm } from '../parts/confirm';
import { visible } from '../parts/visible';
import { StartDialog } from '../scans/start-dialog';
import { storageTexts as texts } from '../texts/setup';
import { words } from '../texts/words';
import { StorageDialog } from './storage-dialog';

/** What can be done with a storage, as far as the reader may. */
export const StorageActions = ({ storage }: { storage: Storage }) => {
  const { client } = useProgram();
  const [dialog, setDialog] = useState<'scan' | 'change' | 'remove'>();
  const [mayUse, mayChange] = [useMay('operator'), useMay('admin')];
  const name = visible(storage.name);
  const param = { id: storage.id };
  const test = useAct({
    run: () => parseResponse(client.storage[':id'].test.$post({ param })),
    done: () => texts.reachable(name),
  });
  const remove = useAct({
    run: () => parseResponse(client.storage[':id'].$delete({ param })),
    done: () => texts.removed(name),
    stale: () => [['storages'], ['overview']],
    quiet: true,
  });
  const close = () => setDialog(undefined);
  if (!mayUse) return null;
  const small = { size: 'xs', variant: 'default' } as const;
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button {...small} aria-label={texts.scanOf(name)} onClick={() => setDialog('scan')}>
        {texts.scan}
      </Button>
      <Button
        {...small}
        aria-label={texts.testOf(name)}
        loading={test.isPending}
        onClick={() => test.mutate(undefined)}
      >
        {texts.test}
      </Button>
      {mayChange && (
        <>
          <Button {...small} aria-label={texts.changeOf(name)} onClick={() => setDialog('change')}>
            {texts.change}
          </Button>
          <Button {...small} aria-label={texts.removeOf(name)} onClick={() => setDialog('remove')}>
            {words.remove}
          </Button>
        </>
      )}
      {dialog === 'scan' && <StartDialog storageId={storage.id} close={close} />}
      {dialog === 'change' && <StorageDialog storage={storage} close={close} />}
      {dialog === 'remove' && (
        <Confirm
          title={texts.removeTitle}
          verb={texts.removeVerb}
          run={() => remove.mutateAsync(undefined)}
          close={close}
        >
          {texts.removeAbout(name)}
        </Confirm>
      )}
    </Group>
  );
};
