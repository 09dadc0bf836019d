import { ActionIcon, Button, Group, Text, Title } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { factTexts, ruleTexts as texts } from '../texts/workflow';
import { inRule, type Rule } from './definition';
import type { FieldsProps } from './field';
import { RuleDialog } from './rule-dialog';

type List = 'block' | 'allow';

const RuleList = ({ list, value, change, readOnly }: FieldsProps & { list: List }) => {
  const [adding, setAdding] = useState(false);
  const rules = value[list];
  const add = (rule: Rule) => change({ [list]: [...rules, rule] });
  const remove = (at: number) => change({ [list]: rules.filter((_, i) => i !== at) });
  return (
    <div>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={3}>{factTexts[list].label}</Title>
          <Text size="sm" c="dimmed">
            {factTexts[list].about}
          </Text>
        </div>
        {!readOnly && (
          <Button
            variant="default"
            size="xs"
            flex="0 0 auto"
            leftSection={<Plus size={14} aria-hidden />}
            aria-label={texts.addTo[list]}
            onClick={() => setAdding(true)}
          >
            {texts.add}
          </Button>
        )}
      </Group>
      {rules.length === 0 ? (
        <Text size="sm" mt={6}>
          {texts.empty}
        </Text>
      ) : (
        <ul className="plain rules" aria-label={factTexts[list].label}>
          {rules.map((rule, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two rules may say the same.
            <li key={at} className="rule">
              <span className="name">{inRule(rule)}</span>
              {!readOnly && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={texts.removeOf(inRule(rule))}
                  onClick={() => remove(at)}
                >
                  <X size={16} aria-hidden />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {adding && <RuleDialog list={list} add={add} close={() => setAdding(false)} />}
    </div>
  );
};

/** The files about which no engine is asked for a verdict. */
export const Rules = (props: FieldsProps) => (
  <div className="halves">
    <RuleList {...props} list="block" />
    <RuleList {...props} list="allow" />
  </div>
);
