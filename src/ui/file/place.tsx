import { Alert, Anchor } from '@mantine/core';
import { Archive, FileOutput, type LucideIcon, Trash2 } from 'lucide-react';
import { Link } from 'wouter';
import type { FileResult } from '../data/client';
import { useStorages } from '../data/setup';
import { visible } from '../parts/visible';
import { remediationTexts as texts } from '../texts/remediation';

type Location = NonNullable<FileResult['location']>;

const ICONS: Record<Location['is'], LucideIcon> = { quarantined: Archive, moved: FileOutput, deleted: Trash2 };

const Where = ({ location, file }: { location: Location; file: FileResult }) => {
  const storage = useStorages().data?.find(({ id }) => id === location.storageId);
  switch (location.is) {
    case 'quarantined':
      return (
        <>
          {texts.quarantined}{' '}
          <Anchor component={Link} href={`/quarantine/${location.quarantineId}`} size="sm" underline="always">
            {texts.inQuarantine}
          </Anchor>
        </>
      );
    case 'moved':
      return (
        <>
          {texts.moved} <bdi className="mono">{visible(location.path ?? '')}</bdi>
          {storage && storage.name !== file.storageName && ` ${texts.in(visible(storage.name))}`}
        </>
      );
    case 'deleted':
      return file.remediation.some(({ action }) => action === 'purge') ? texts.purged : texts.deleted;
  }
};

/** Says where a file is, when that is not where it was found. */
export const NowAt = ({ file }: { file: FileResult }) => {
  const { location } = file;
  if (location === undefined) return null;
  const Icon = ICONS[location.is];
  return (
    <Alert color="gray" variant="light" p="xs" mt="md" icon={<Icon size={18} aria-hidden />} className="now-at">
      <Where location={location} file={file} />
    </Alert>
  );
};
