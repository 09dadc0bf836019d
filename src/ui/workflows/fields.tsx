import { Checkbox, Input, NumberInput, Radio, SimpleGrid, Stack } from '@mantine/core';
import { useEngines } from '../data/setup';
import { Section } from '../parts/section';
import { visible } from '../parts/visible';
import { resultNames, resultTexts } from '../texts/results';
import { choiceTexts, onEngineFailureTexts, workflowTexts as texts, unpackByTexts } from '../texts/workflow';
import { BLOCKABLE, type Definition, type Key } from './definition';

interface FieldsProps {
  value: Definition;
  change: (part: Partial<Definition>) => void;
  readOnly: boolean;
}

const head = (key: Key) => ({ label: choiceTexts[key].label, description: choiceTexts[key].about });

const Choice = <K extends 'onEngineFailure' | 'unpackBy'>(
  props: FieldsProps & { name: K; options: Record<Definition[K], string> },
) => (
  <Radio.Group
    {...head(props.name)}
    value={props.value[props.name]}
    onChange={(chosen) => props.change({ [props.name]: chosen })}
    readOnly={props.readOnly}
  >
    <Stack gap={6} mt={6}>
      {Object.entries<string>(props.options).map(([value, label]) => (
        <Radio key={value} value={value} label={label} disabled={props.readOnly} />
      ))}
    </Stack>
  </Radio.Group>
);

const Engines = ({ value: { engines }, change, readOnly }: FieldsProps) => {
  const known = useEngines().data ?? [];
  const chosen = engines === 'all' ? known.map(({ id }) => id) : engines;
  const toggle = (id: string) => {
    const next = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
    // A workflow asks at least one engine.
    if (next.length > 0) change({ engines: next });
  };
  return (
    <Input.Wrapper {...head('engines')} labelElement="div">
      <Stack gap={6} mt={6}>
        <Checkbox
          label={texts.allEngines}
          checked={engines === 'all'}
          disabled={readOnly || known.length === 0}
          onChange={() => change({ engines: engines === 'all' ? chosen : 'all' })}
        />
        {engines !== 'all' &&
          [...new Set([...known.map(({ id }) => id), ...engines])].map((id) => (
            <Checkbox
              key={id}
              ml="lg"
              label={visible(known.find((one) => one.id === id)?.name ?? id)}
              checked={engines.includes(id)}
              disabled={readOnly}
              onChange={() => toggle(id)}
            />
          ))}
      </Stack>
    </Input.Wrapper>
  );
};

const Blocked = ({ value: { blocked }, change, readOnly }: FieldsProps) => (
  <Input.Wrapper {...head('blocked')} labelElement="div">
    <SimpleGrid cols={{ base: 1, md: 2 }} mt={8} verticalSpacing="xs">
      {BLOCKABLE.map((code) => (
        <Checkbox
          key={code}
          label={resultNames[code]}
          description={resultTexts[code]}
          checked={blocked.includes(code)}
          disabled={readOnly}
          onChange={({ currentTarget: { checked } }) =>
            change({ blocked: checked ? [...blocked, code] : blocked.filter((one) => one !== code) })
          }
        />
      ))}
    </SimpleGrid>
  </Input.Wrapper>
);

type NumberKey =
  | 'maxFileSize'
  | 'fileTimeout'
  | 'maxArchiveDepth'
  | 'maxArchiveFiles'
  | 'maxArchiveSize'
  | 'maxArchiveExpansion'
  | 'archiveTimeout';

const Amount = ({ name, unit = 1, value, change, readOnly }: FieldsProps & { name: NumberKey; unit?: number }) => {
  const now = value[name];
  return (
    <NumberInput
      {...head(name)}
      value={now === undefined ? '' : now / unit}
      min={unit === 1 ? 1 : 1 / unit}
      allowNegative={false}
      thousandSeparator=","
      hideControls
      disabled={readOnly}
      onChange={(typed) => {
        if (typeof typed === 'number' && typed > 0) change({ [name]: Math.max(1, Math.round(typed * unit)) });
        else if (name === 'maxFileSize' && typed === '') change({ maxFileSize: undefined });
      }}
    />
  );
};

const MB = 1_000_000;
const SECOND = 1000;

/** Every choice of a workflow, with what it means. */
export const Fields = (props: FieldsProps) => (
  <>
    <Section title={texts.judging}>
      <Stack gap="lg">
        <Engines {...props} />
        <Choice {...props} name="onEngineFailure" options={onEngineFailureTexts} />
        <Blocked {...props} />
      </Stack>
    </Section>
    <Section title={texts.archives}>
      <Stack gap="lg">
        <Choice {...props} name="unpackBy" options={unpackByTexts} />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Amount {...props} name="maxArchiveDepth" />
          <Amount {...props} name="maxArchiveFiles" />
          <Amount {...props} name="maxArchiveSize" unit={MB} />
          <Amount {...props} name="maxArchiveExpansion" />
          <Amount {...props} name="archiveTimeout" unit={SECOND} />
        </SimpleGrid>
      </Stack>
    </Section>
    <Section title={texts.limits}>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Amount {...props} name="maxFileSize" unit={MB} />
        <Amount {...props} name="fileTimeout" unit={SECOND} />
      </SimpleGrid>
    </Section>
  </>
);
