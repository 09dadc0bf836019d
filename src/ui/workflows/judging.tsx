import { Checkbox, Input, SimpleGrid, Stack } from '@mantine/core';
import { useEngines } from '../data/setup';
import { visible } from '../parts/visible';
import { resultNames, resultTexts } from '../texts/results';
import { engineTexts, factTexts, workflowTexts as texts } from '../texts/workflow';
import { Choices } from './choices';
import { BLOCKABLE } from './definition';
import { type FieldsProps, head } from './field';

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
      <Stack gap={6} mt={8} role="group" aria-label={factTexts.engines.label}>
        <Checkbox
          label={texts.allEngines}
          checked={engines === 'all'}
          disabled={readOnly || known.length === 0}
          onChange={() => change({ engines: engines === 'all' ? chosen : 'all' })}
        />
        {engines !== 'all' &&
          [...new Set([...known.map(({ id }) => id), ...engines])].map((id) => {
            const engine = known.find((one) => one.id === id);
            return (
              <Checkbox
                key={id}
                ml="lg"
                label={visible(engine?.name ?? id)}
                description={engine ? undefined : engineTexts.gone}
                checked={engines.includes(id)}
                disabled={readOnly}
                onChange={() => toggle(id)}
              />
            );
          })}
      </Stack>
    </Input.Wrapper>
  );
};

const Blocked = ({ value: { blocked }, change, readOnly }: FieldsProps) => (
  <Input.Wrapper {...head('blocked')} labelElement="div">
    <SimpleGrid cols={{ base: 1, md: 2 }} mt={8} verticalSpacing="xs" role="group" aria-label={factTexts.blocked.label}>
      {BLOCKABLE.map((code) => (
        <Checkbox
          key={code}
          label={resultNames[code]}
          description={resultTexts[code]}
          checked={blocked.includes(code)}
          disabled={readOnly}
          onChange={({ currentTarget: { checked } }) => {
            const codes = checked ? [...blocked, code] : blocked.filter((one) => one !== code);
            change({ blocked: codes.toSorted((a, b) => a - b) });
          }}
        />
      ))}
    </SimpleGrid>
  </Input.Wrapper>
);

/** Who is asked, and which answers block a file. */
export const Judging = (props: FieldsProps) => (
  <Stack gap="lg">
    <Engines {...props} />
    <Choices
      {...head('onEngineFailure')}
      value={props.value.onEngineFailure}
      options={engineTexts.failure}
      disabled={props.readOnly}
      change={(onEngineFailure) => props.change({ onEngineFailure })}
    />
    <Blocked {...props} />
  </Stack>
);
