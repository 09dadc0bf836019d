import { Radio, Stack } from '@mantine/core';

interface ChoicesProps<V extends string> {
  label: string;
  description?: string;
  value: V;
  options: Record<V, { label: string; about?: string }>;
  /** Those that cannot be chosen now, each with the reason. */
  closed?: Partial<Record<V, string>>;
  disabled: boolean;
  change: (value: V) => void;
}

/** One of a few, each explained. */
export function Choices<V extends string>({
  label,
  description,
  value,
  options,
  closed,
  disabled,
  change,
}: ChoicesProps<V>) {
  return (
    <Radio.Group label={label} description={description} value={value} onChange={(chosen) => change(chosen as V)}>
      <Stack gap={8} mt={8}>
        {(Object.entries(options) as [V, { label: string; about?: string }][]).map(([key, option]) => (
          <Radio
            key={key}
            value={key}
            label={option.label}
            description={closed?.[key] ?? option.about}
            disabled={disabled || closed?.[key] !== undefined}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
