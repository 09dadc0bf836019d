import { Button, Group, Stack, Text } from '@mantine/core';
import { Passwords } from '../reprocess/passwords';
import { passwordTexts as texts } from '../texts/workflow';

interface OwnPasswordsProps {
  /** How many it has. */
  count: number;
  /** What is to take their place; undefined leaves them as they are. */
  value?: string[];
  change: (value?: string[]) => void;
  readOnly: boolean;
}

/** The workflow's own passwords: they go in and never come out. */
export const OwnPasswords = ({ count, value, change, readOnly }: OwnPasswordsProps) => (
  <Stack gap="sm" align="flex-start">
    <Text size="sm" c="dimmed">
      {texts.about}
    </Text>
    {value === undefined && <Text size="sm">{texts.kept(count)}</Text>}
    {value?.length === 0 && <Text size="sm">{texts.removing}</Text>}
    {value && value.length > 0 && (
      <Passwords label={texts.fields} hint={texts.fieldsHint} value={value} change={change} focus />
    )}
    {!readOnly && (
      <Group gap="xs">
        {value === undefined ? (
          <>
            <Button size="xs" variant="default" onClick={() => change([''])}>
              {texts.replace(count)}
            </Button>
            {count > 0 && (
              <Button size="xs" variant="default" onClick={() => change([])}>
                {texts.remove}
              </Button>
            )}
          </>
        ) : (
          <Button size="xs" variant="default" onClick={() => change(undefined)}>
            {texts.keep}
          </Button>
        )}
      </Group>
    )}
  </Stack>
);
