import { SimpleGrid, Stack, Text } from '@mantine/core';
import { AmountField } from '../parts/amount-field';
import { SIZE_UNITS, TIME_UNITS, type Units } from '../parts/exact';
import { limitsAbout, unpackTexts } from '../texts/workflow';
import { Choices } from './choices';
import { type FieldsProps, head } from './field';

type Limit =
  | 'maxArchiveDepth'
  | 'maxArchiveFiles'
  | 'maxArchiveSize'
  | 'maxArchiveExpansion'
  | 'archiveTimeout'
  | 'fileTimeout';

const Amount = ({ name, units, value, change, readOnly }: FieldsProps & { name: Limit; units?: Units }) => (
  <AmountField
    {...head(name)}
    value={value[name]}
    units={units}
    disabled={readOnly}
    change={(amount) => amount !== undefined && change({ [name]: amount })}
  />
);

/** How far archives are taken apart, and by whom. */
export const Archives = (props: FieldsProps) => (
  <Stack gap="lg">
    <Choices
      {...head('unpackBy')}
      value={props.value.unpackBy}
      options={unpackTexts}
      disabled={props.readOnly}
      change={(unpackBy) => props.change({ unpackBy })}
    />
    <Text size="sm" c="dimmed">
      {limitsAbout}
    </Text>
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Amount {...props} name="maxArchiveDepth" />
      <Amount {...props} name="maxArchiveFiles" />
      <Amount {...props} name="maxArchiveSize" units={SIZE_UNITS} />
      <Amount {...props} name="maxArchiveExpansion" />
      <Amount {...props} name="archiveTimeout" units={TIME_UNITS} />
    </SimpleGrid>
  </Stack>
);

/** How large a file may be, and how long it may take. */
export const Limits = (props: FieldsProps) => (
  <SimpleGrid cols={{ base: 1, md: 2 }}>
    <AmountField
      {...head('maxFileSize')}
      value={props.value.maxFileSize}
      units={SIZE_UNITS}
      optional
      disabled={props.readOnly}
      change={(maxFileSize) => props.change({ maxFileSize })}
    />
    <Amount {...props} name="fileTimeout" units={TIME_UNITS} />
  </SimpleGrid>
);
