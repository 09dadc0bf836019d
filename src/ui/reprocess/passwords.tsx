import { ActionIcon, Button, Group, Input, PasswordInput, Stack } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { reprocessTexts as texts } from '../texts/reprocess';

interface PasswordsProps {
  value: string[];
  change: (passwords: string[]) => void;
  focus?: boolean;
  label?: string;
  hint?: string;
}

/** Passwords in the order in which they are tried. They are kept by what is open alone. */
export const Passwords = (props: PasswordsProps) => {
  const { change, focus, label = texts.passwords, hint = texts.passwordsHint } = props;
  const value = props.value.length > 0 ? props.value : [''];
  const set = (at: number, password: string) => change(value.map((old, i) => (i === at ? password : old)));
  return (
    <Input.Wrapper label={label} description={hint} labelElement="div">
      <Stack gap={6} mt={6} align="flex-start">
        {value.map((password, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is all that tells one password from another.
          <Group key={i} gap={6} w="100%" wrap="nowrap">
            <PasswordInput
              aria-label={texts.password(i + 1)}
              value={password}
              onChange={({ currentTarget }) => set(i, currentTarget.value)}
              autoComplete="off"
              maxLength={1024}
              visibilityToggleButtonProps={{ 'aria-label': texts.show }}
              data-autofocus={(focus && i === 0) || undefined}
              flex={1}
            />
            {value.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={texts.removePassword(i + 1)}
                onClick={() => change(value.filter((_, at) => at !== i))}
              >
                <X size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => change([...value, ''])}
        >
          {texts.addPassword}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
};
