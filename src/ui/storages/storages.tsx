import { Anchor, Button, Table, Text } from '@mantine/core';
import { HardDrive, Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Scan, Storage } from '../data/client';
import { useMay } from '../data/program';
import { useNewestScans } from '../data/scans';
import { useStorages, useWorkflows } from '../data/setup';
import { PageHead } from '../parts/page-head';
import { ScanState } from '../parts/scan-state';
import { Empty, Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { Waiting } from '../parts/waiting';
import { When } from '../parts/when';
import { storageTexts as texts } from '../texts/setup';
import { addressOf } from './address';
import { StorageActions } from './storage-actions';
import { StorageDialog } from './storage-dialog';

const Latest = ({ scan }: { scan?: Scan }) =>
  scan === undefined ? (
    <span className="dim">–</span>
  ) : (
    <>
      <Anchor component={Link} href={`/reports/${scan.id}`} size="sm">
        <When time={scan.created} relative />
      </Anchor>
      <div>
        <ScanState scan={scan} />
      </div>
    </>
  );

const Row = ({ storage, latest, workflow }: { storage: Storage; latest?: Scan; workflow: string }) => (
  <Table.Tr>
    <Table.Td className="name">
      <Text fw={500} size="sm">
        {visible(storage.name)}
      </Text>
      <span className="mono dim">{visible(addressOf(storage))}</span>
      <Waiting waiting={storage.waiting} />
    </Table.Td>
    <Table.Td className="name">{workflow}</Table.Td>
    <Table.Td>
      <Latest scan={latest} />
    </Table.Td>
    <Table.Td>
      <StorageActions storage={storage} />
    </Table.Td>
  </Table.Tr>
);

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
            <Table.ScrollContainer minWidth={860} className="card">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{texts.columns.name}</Table.Th>
                    <Table.Th>{texts.columns.workflow}</Table.Th>
                    <Table.Th>{texts.columns.latest}</Table.Th>
                    <Table.Th className="right">{texts.columns.actions}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {storages.map((storage) => (
                    <Row
                      key={storage.id}
                      storage={storage}
                      latest={scans.find(({ storageId, kind }) => storageId === storage.id && kind === 'scan')}
                      workflow={workflowOf(storage)}
                    />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Shown>
    </>
  );
};
