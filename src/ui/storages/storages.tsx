import { Button } from '@mantine/core';
import { HardDrive, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Storage } from '../data/client';
import { useMay } from '../data/program';
import { useNewestScans } from '../data/scans';
import { useStorages, useWorkflows } from '../data/setup';
import { useNarrow } from '../parts/narrow';
import { PageHead } from '../parts/page-head';
import { Empty, Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { storageTexts as texts } from '../texts/setup';
import { StorageDialog } from './storage-dialog';
import { StorageCards, StorageTable } from './storage-list';

const AddButton = () => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setOpen(true)}>
        {texts.add}
      </Button>
      {open && <StorageDialog close={() => setOpen(false)} />}
    </>
  );
};

/** Where files are. */
export const Storages = () => {
  const may = useMay('admin');
  const List = useNarrow() ? StorageCards : StorageTable;
  const workflows = useWorkflows().data ?? [];
  const scans = useNewestScans(200).data ?? [];
  const workflowOf = ({ workflowId }: Storage) => {
    const workflow = workflows.find(({ id }) => id === workflowId);
    return workflow ? visible(workflow.name) : texts.workflowDefault;
  };
  return (
    <>
      <PageHead title={texts.title} about={texts.about}>
        {may && <AddButton />}
      </PageHead>
      <Shown query={useStorages()}>
        {(storages) =>
          storages.length === 0 ? (
            <Empty Icon={HardDrive} title={texts.none}>
              {texts.noneAbout}
            </Empty>
          ) : (
            <List
              storages={storages.map((storage) => ({
                storage,
                latest: scans.find(({ storageId, kind }) => storageId === storage.id && kind === 'scan'),
                workflow: workflowOf(storage),
              }))}
            />
          )
        }
      </Shown>
    </>
  );
};
