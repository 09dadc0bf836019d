import { Select, Stack, Text } from '@mantine/core';
import { useEngines } from '../data/setup';
import { AmountField } from '../parts/amount-field';
import { engineTexts, sensitiveTexts, severityTexts } from '../texts/workflow';
import { Choices } from './choices';
import type { Definition } from './definition';
import { type FieldsProps, head } from './field';

type Severity = Definition['vulnerabilityThreshold'];
const SEVERITIES = Object.entries(severityTexts).map(([value, label]) => ({ value: value as Severity, label }));

/** Says when a threshold is of nothing, because nobody looks for it. */
const Missing = ({ kind, engine, value }: { kind: string; engine: string; value: Definition }) => {
  const { data } = useEngines();
  const asked = data?.filter(({ id }) => value.engines === 'all' || value.engines.includes(id));
  if (asked === undefined || asked.some(({ finds }) => finds.includes(kind))) return null;
  return (
    <Text size="sm" className="tone-text" data-tone="warn">
      {engineTexts.missing(engine)}
    </Text>
  );
};

/** From when on sensitive data and vulnerable software count as found. */
export const Thresholds = ({ value, change, readOnly }: FieldsProps) => (
  <Stack gap="lg">
    <div>
      <AmountField
        {...head('sensitiveDataThreshold')}
        value={value.sensitiveDataThreshold}
        min={0}
        max={100}
        disabled={readOnly}
        change={(amount) => amount !== undefined && change({ sensitiveDataThreshold: amount })}
      />
      <Missing kind="SensitiveData" engine="sensitive-data" value={value} />
    </div>
    <Choices
      {...head('showSensitiveData')}
      value={value.showSensitiveData ? 'shown' : 'masked'}
      options={sensitiveTexts}
      disabled={readOnly}
      change={(chosen) => change({ showSensitiveData: chosen === 'shown' })}
    />
    <div>
      <Select
        {...head('vulnerabilityThreshold')}
        data={SEVERITIES}
        value={value.vulnerabilityThreshold}
        allowDeselect={false}
        disabled={readOnly}
        onChange={(severity) => severity && change({ vulnerabilityThreshold: severity as Severity })}
      />
      <Missing kind="Vulnerability" engine="vulnerabilities" value={value} />
    </div>
  </Stack>
);
