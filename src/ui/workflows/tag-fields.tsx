import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useTyped } from '../parts/typed';
import { treatmentTexts as texts } from '../texts/treatment';

type Tags = { [name: string]: string };
type Rows = [name: string, value: string][];

const GOOD = /^[\w.-]{1,100}$/;

interface TagFieldsProps {
  value: Tags;
  change: (tags: Tags) => void;
  disabled: boolean;
}

/** Tags by name. Names that say nothing yet are not given on. */
export const TagFields = ({ value, change, disabled }: TagFieldsProps) => {
  const [rows, setRows] = useTyped<Tags, Rows>({
    value,
    change,
    write: Object.entries,
    read: (typed) => ({ value: Object.fromEntries(typed.filter(([name]) => GOOD.test(name))) }),
  });
  const set = (at: number, row: Rows[number]) => setRows(rows.map((old, i) => (i === at ? row : old)));
  return (
    <>
      {rows.map(([name, said], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a tag is what stands in its row, whatever it is called by then.
        <Group key={at} gap={6} w="100%" align="flex-start" wrap="nowrap">
          <TextInput
            aria-label={texts.tagName(at + 1)}
            placeholder={texts.namePlaceholder}
            value={name}
            maxLength={100}
            error={name !== '' && !GOOD.test(name) && texts.badTag}
            disabled={disabled}
            flex={1}
            onChange={({ currentTarget }) => set(at, [currentTarget.value, said])}
          />
          <TextInput
            aria-label={texts.tagValue(at + 1)}
            placeholder={texts.valuePlaceholder}
            value={said}
            maxLength={256}
            disabled={disabled}
            flex={2}
            onChange={({ currentTarget }) => set(at, [name, currentTarget.value])}
          />
          {!disabled && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={texts.removeTag(at + 1)}
              onClick={() => setRows(rows.filter((_, i) => i !== at))}
            >
              <X size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {!disabled && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => setRows([...rows, ['', '']])}
        >
          {texts.addTag}
        </Button>
      )}
    </>
  );
};
