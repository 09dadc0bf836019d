import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Scan, Storage } from '../data/client';
import { ScanState } from '../parts/scan-state';
import { visible } from '../parts/visible';
import { Waiting } from '../parts/waiting';
import { When } from '../parts/when';
import { storageTexts as texts } from '../texts/setup';
import { addressOf } from './address';
import { StorageActions } from './storage-actions';

/** A storage with what is known of it. */
export interface Listed {
  storage: Storage;
  /** The newest scan of it. */
  latest?: Scan;
  /** The name of the workflow that applies. */
  workflow: string;
}

const Name = ({ storage }: { storage: Storage }) => (
  <>
    <Text fw={500} size="sm" className="name">
      {visible(storage.name)}
    </Text>
    <span className="mono dim">{visible(addressOf(storage))}</span>
    <Waiting waiting={storage.waiting} />
  </>
);

const Latest = ({ scan }: { scan: Scan }) => (
  <>
    <Anchor component={Link} href={`/reports/${scan.id}`} size="sm">
      <When time={scan.created} relative />
    </Anchor>{' '}
    <ScanState scan={scan} />
  </>
);

/** Storages on a wide screen. */
export const StorageTable = ({ storages }: { storages: Listed[] }) => (
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
        {storages.map(({ storage, latest, workflow }) => (
          <Table.Tr key={storage.id}>
            <Table.Td>
              <Name storage={storage} />
            </Table.Td>
            <Table.Td className="name">{workflow}</Table.Td>
            <Table.Td>{latest ? <Latest scan={latest} /> : <span className="dim">–</span>}</Table.Td>
            <Table.Td>
              <StorageActions storage={storage} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);

/** The same on a phone. */
export const StorageCards = ({ storages }: { storages: Listed[] }) => (
  <ul className="plain card cards">
    {storages.map(({ storage, latest, workflow }) => (
      <li key={storage.id}>
        <Name storage={storage} />
        <Text size="sm" className="name">
          {workflow}
        </Text>
        {latest && (
          <Text size="sm" component="div" mb={6}>
            <Latest scan={latest} />
          </Text>
        )}
        <StorageActions storage={storage} />
      </li>
    ))}
  </ul>
);
