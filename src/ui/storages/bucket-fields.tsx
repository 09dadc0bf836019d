import { PasswordInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { bucketTexts as texts } from '../texts/setup';
import { PATH_STYLES, type PathStyle, type StorageWish } from './wish';

interface BucketFieldsProps {
  wish: StorageWish;
  change: (part: Partial<StorageWish>) => void;
  /** The storage has a secret key already. */
  hasSecret: boolean;
}

const MUST = { required: true, withAsterisk: false };

/** How a bucket is reached. */
export const BucketFields = ({ wish, change, hasSecret }: BucketFieldsProps) => {
  const field = (key: keyof typeof texts.fields, maxLength: number) => ({
    ...texts.fields[key],
    value: wish[key],
    maxLength,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => change({ [key]: currentTarget.value }),
    // Beside each other they stand in a line, however long the hints are.
    inputWrapperOrder: ['label', 'input', 'description'] as ('label' | 'input' | 'description')[],
    autoComplete: 'off',
    spellCheck: false,
  });
  const secret = (key: 'secretAccessKey' | 'sessionToken', maxLength: number) => ({
    ...field(key, maxLength),
    // Browsers offer to keep what they take for the password of a sign-in.
    autoComplete: 'new-password',
    visibilityToggleButtonProps: { 'aria-label': texts.show },
  });
  const mustBeGiven = !hasSecret || wish.sessionToken !== '';
  return (
    <>
      <TextInput {...field('endpoint', 2048)} placeholder="https://s3.example.com" />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...field('bucket', 255)} {...MUST} />
        <TextInput {...field('region', 100)} />
      </SimpleGrid>
      <TextInput {...field('prefix', 1024)} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...field('accessKeyId', 256)} {...MUST} />
        <PasswordInput
          {...secret('secretAccessKey', 4096)}
          {...(mustBeGiven ? MUST : {})}
          description={hasSecret ? texts.secretStays : texts.secret}
        />
      </SimpleGrid>
      <details open={wish.pathStyle !== 'usual' || undefined}>
        <summary>{texts.more}</summary>
        <Stack mt="sm">
          <Select
            label={texts.pathStyle}
            data={PATH_STYLES.map((value) => ({ value, label: texts.pathStyles[value] }))}
            value={wish.pathStyle}
            onChange={(value) => change({ pathStyle: (value ?? 'usual') as PathStyle })}
            allowDeselect={false}
          />
          <PasswordInput {...secret('sessionToken', 16_384)} />
        </Stack>
      </details>
    </>
  );
};
