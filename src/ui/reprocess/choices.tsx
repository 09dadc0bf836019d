import { Checkbox, SimpleGrid, Text } from '@mantine/core';
import { count } from '../parts/amounts';

interface Choice<T> {
  value: T;
  label: string;
  about: string;
  /** How many files are of this kind. */
  count: number;
}

interface ChoicesProps<T> {
  legend: string;
  hint: string;
  choices: Choice<T>[];
  chosen: T[];
  toggle: (value: T) => void;
}

/** Kinds of file to choose from, each with how many there are of it. */
export function Choices<T extends string>({ legend, hint, choices, chosen, toggle }: ChoicesProps<T>) {
  return (
    <fieldset className="plain">
      <Text component="legend" fw={600} size="sm">
        {legend}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {hint}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing={8} verticalSpacing={8}>
        {choices.map(({ value, label, about, count: n }) => (
          <Checkbox.Card
            key={value}
            className="choice"
            checked={chosen.includes(value)}
            onClick={() => toggle(value)}
            title={about}
            aria-label={`${label}, ${count(n)}`}
          >
            <span className="choice-line">
              <Checkbox.Indicator size="xs" />
              <span>{label}</span>
              <span className="dim num">{count(n)}</span>
            </span>
          </Checkbox.Card>
        ))}
      </SimpleGrid>
    </fieldset>
  );
}
