import { ActionIcon, Button, Checkbox, Group, Input, Stack, Text } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { treatmentTexts as texts } from '../texts/treatment';
import { factTexts } from '../texts/workflow';
import { Choices } from './choices';
import { DestinationFields } from './destination-fields';
import type { FieldsProps } from './field';
import { useStorageNames } from './storage-names';
import { TagFields } from './tag-fields';
import { type OfVerdict, type Original, stepsOf, withAction, withSanitized } from './treatment';

type Verdict = 'blocked' | 'allowed';

interface PartProps {
  value: OfVerdict;
  change: (value: OfVerdict) => void;
  disabled: boolean;
}

const TheFile = ({ value, change, disabled }: PartProps) => {
  const { action, moveTo, removeEmptyFolders } = value.original;
  const set = (part: Partial<Original>) => change({ ...value, original: { ...value.original, ...part } });
  return (
    <Stack gap="sm">
      <Choices
        label={texts.file}
        value={action}
        options={texts.actions}
        disabled={disabled}
        change={(next) => change(withAction(value, next))}
      />
      {moveTo && (
        <div className="nested">
          <DestinationFields
            name={texts.actions.move.label}
            value={moveTo}
            change={(to) => set({ moveTo: to })}
            disabled={disabled}
          />
        </div>
      )}
      {action !== 'keep' && (
        <Checkbox
          label={texts.removeEmptyFolders}
          description={texts.removeEmptyFoldersAbout}
          checked={removeEmptyFolders}
          disabled={disabled}
          onChange={({ currentTarget }) => set({ removeEmptyFolders: currentTarget.checked })}
        />
      )}
    </Stack>
  );
};

const Copies = ({ value, change, disabled }: PartProps) => {
  const { copyTo } = value.original;
  const set = (copies: Original['copyTo']) => change({ ...value, original: { ...value.original, copyTo: copies } });
  return (
    <Input.Wrapper label={texts.copies} description={texts.copiesAbout} labelElement="div">
      <Stack gap="sm" mt={6} align="flex-start">
        {copyTo.map((to, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a copy is told by its place in the list.
          <Group key={at} w="100%" gap={6} align="flex-end" wrap="nowrap">
            <div className="page-title">
              <DestinationFields
                name={texts.copyN(at + 1)}
                value={to}
                change={(next) => set(copyTo.map((old, i) => (i === at ? next : old)))}
                disabled={disabled}
              />
            </div>
            {!disabled && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={texts.removeCopy(at + 1)}
                onClick={() => set(copyTo.filter((_, i) => i !== at))}
              >
                <X size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!disabled && copyTo.length < 10 && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<Plus size={14} aria-hidden />}
            onClick={() => set([...copyTo, { folder: '', structure: 'keep' }])}
          >
            {texts.addCopy}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
};

const Sanitized = ({ value, change, disabled }: PartProps) => {
  const { sanitized, original } = value;
  return (
    <Stack gap="sm">
      <Choices
        label={texts.sanitized}
        description={texts.sanitizedAbout}
        value={sanitized?.where ?? 'none'}
        options={texts.wheres}
        closed={original.action === 'keep' ? { instead: texts.insteadNeeds } : undefined}
        disabled={disabled}
        change={(where) => change(withSanitized(value, where))}
      />
      {sanitized?.to && (
        <div className="nested">
          <DestinationFields
            name={texts.sanitized}
            value={sanitized.to}
            change={(to) => change({ ...value, sanitized: { ...sanitized, to } })}
            disabled={disabled}
          />
        </div>
      )}
    </Stack>
  );
};

/** What is done with the files of one verdict; said in words, step by step, as it is chosen. */
export const TreatmentFields = ({ verdict, value, change, readOnly }: FieldsProps & { verdict: Verdict }) => {
  const nameOf = useStorageNames();
  const mine = value.remediation[verdict];
  const part: PartProps = {
    value: mine,
    change: (next) => change({ remediation: { ...value.remediation, [verdict]: next } }),
    disabled: readOnly,
  };
  const setTags = (tag: Original['tag']) => part.change({ ...mine, original: { ...mine.original, tag } });
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {factTexts[`${verdict}Files`].about}
      </Text>
      <div className="steps">
        <Text size="sm" fw={600}>
          {texts.steps}
        </Text>
        <ol aria-label={texts.steps}>
          {stepsOf(mine, nameOf).map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two copies may go to the same place.
            <li key={at}>{step}</li>
          ))}
        </ol>
      </div>
      <TheFile {...part} />
      <Sanitized {...part} />
      <Copies {...part} />
      <Input.Wrapper label={texts.tags} description={texts.tagsAbout} labelElement="div">
        <Stack gap={6} mt={6} align="flex-start">
          <TagFields value={mine.original.tag} change={setTags} disabled={readOnly} />
        </Stack>
      </Input.Wrapper>
    </Stack>
  );
};
