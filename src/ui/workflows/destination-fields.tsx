import { Select, SimpleGrid, TextInput } from '@mantine/core';
import type { Destination } from '../data/client';
import { useStorages } from '../data/setup';
import { visible } from '../parts/visible';
import { treatmentTexts as texts } from '../texts/treatment';

interface DestinationFieldsProps {
  /** Whose place it is, for who cannot see where the fields stand. */
  name: string;
  value: Destination;
  change: (value: Destination) => void;
  disabled: boolean;
}

/** Where a file is put. */
export const DestinationFields = ({ name, value, change, disabled }: DestinationFieldsProps) => {
  const { data: storages = [] } = useStorages();
  const known = storages.map(({ id, name: label }) => ({ value: id, label: visible(label) }));
  const { storageId = '' } = value;
  const gone = storageId !== '' && !storages.some(({ id }) => id === storageId);
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} role="group" aria-label={name}>
      <Select
        label={texts.storage}
        data={[
          { value: '', label: texts.ownStorage },
          ...known,
          ...(gone ? [{ value: storageId, label: storageId }] : []),
        ]}
        value={storageId}
        allowDeselect={false}
        disabled={disabled}
        onChange={(id) => change({ ...value, storageId: id || undefined })}
      />
      <TextInput
        label={texts.folder}
        placeholder={storageId === '' ? undefined : texts.top}
        title={texts.folderHint}
        // The file's own place is no other place.
        required={storageId === ''}
        withAsterisk={false}
        value={value.folder}
        maxLength={4096}
        disabled={disabled}
        onChange={({ currentTarget }) => change({ ...value, folder: currentTarget.value })}
      />
      <Select
        label={texts.structure}
        data={Object.entries(texts.structures).map(([key, label]) => ({ value: key, label }))}
        value={value.structure}
        allowDeselect={false}
        disabled={disabled}
        onChange={(structure) => change({ ...value, structure: structure as Destination['structure'] })}
      />
    </SimpleGrid>
  );
};
