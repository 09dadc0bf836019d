import { Button, Group, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { AmountField } from '../parts/amount-field';
import { SIZE_UNITS } from '../parts/exact';
import { words } from '../texts/words';
import { ruleTexts as texts } from '../texts/workflow';
import type { Rule } from './definition';
import { type TypedRule, toRule, troublesOf } from './rule';

interface RuleDialogProps {
  list: 'block' | 'allow';
  add: (rule: Rule) => void;
  close: () => void;
}

/** Asks which files a rule means. */
export const RuleDialog = ({ list, add, close }: RuleDialogProps) => {
  const [rule, setRule] = useState<TypedRule>({ name: '', type: '', sha256: '', reason: '' });
  const [tried, setTried] = useState(false);
  const change = (part: Partial<TypedRule>) => setRule((old) => ({ ...old, ...part }));
  const troubles = troublesOf(rule);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The dialog stands in the editor's form as far as events go.
    event.stopPropagation();
    setTried(true);
    if (Object.values(troubles).some(Boolean)) return;
    add(toRule(rule));
    close();
  };
  const text = (key: 'name' | 'type' | 'sha256' | 'reason', hint: string, maxLength: number) => ({
    label: texts[key],
    description: hint,
    value: rule[key],
    maxLength,
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => change({ [key]: currentTarget.value }),
  });
  return (
    <Modal opened onClose={close} title={texts.titles[list]} size="lg" closeButtonProps={{ 'aria-label': words.close }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            {texts.about}
          </Text>
          <TextInput {...text('name', texts.nameHint, 255)} data-autofocus />
          <TextInput {...text('type', texts.typeHint, 200)} error={tried && troubles.type} />
          <TextInput {...text('sha256', texts.sha256Hint, 100)} error={tried && troubles.sha256} />
          <SimpleGrid cols={2}>
            {(['minSize', 'maxSize'] as const).map((key) => (
              <AmountField
                key={key}
                label={texts[key]}
                value={rule[key]}
                units={SIZE_UNITS}
                min={0}
                optional
                change={(amount) => change({ [key]: amount })}
              />
            ))}
          </SimpleGrid>
          <TextInput {...text('reason', texts.reasonHint, 200)} />
          {tried && troubles.rule && (
            <Text size="sm" role="alert" className="tone-text" data-tone="bad">
              {troubles.rule}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {words.cancel}
            </Button>
            <Button type="submit">{texts.done}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
