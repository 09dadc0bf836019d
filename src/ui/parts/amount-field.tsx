import { NativeSelect, NumberInput } from '@mantine/core';
import { words } from '../texts/words';
import { inUnits, type Units } from './exact';
import { useTyped } from './typed';

interface AmountFieldProps {
  label: string;
  description?: string;
  /** In the smallest unit; undefined for none, where that may be. */
  value?: number;
  units?: Units;
  optional?: boolean;
  min?: number;
  max?: number;
  disabled?: boolean;
  change: (value?: number) => void;
}

interface Typed {
  amount: number | '';
  unit: string;
}

/** A whole number, with a choice of units where it has any. */
export const AmountField = (props: AmountFieldProps) => {
  const { label, description, units = { '': 1 }, optional = false, min = 1, max, disabled } = props;
  const names = Object.keys(units);
  const usual = names.includes('MB') ? 'MB' : (names[0] ?? '');
  const [{ amount, unit }, type] = useTyped<number | undefined, Typed>({
    value: props.value,
    change: props.change,
    write: (value) => (value === undefined ? { amount: '', unit: usual } : inUnits(value, units)),
    read: (typed) => {
      if (typed.amount === '') return optional ? { value: undefined } : undefined;
      const value = Math.round(typed.amount * (units[typed.unit] ?? 1));
      return value < min || (max !== undefined && value > max) ? undefined : { value };
    },
  });
  return (
    <NumberInput
      label={label}
      description={description}
      value={amount}
      min={min / (units[unit] ?? 1)}
      max={max}
      clampBehavior="blur"
      allowNegative={false}
      thousandSeparator=","
      hideControls
      required={!optional}
      withAsterisk={false}
      disabled={disabled}
      onChange={(typed) => type({ amount: typed === '' ? '' : Number(typed), unit })}
      rightSectionWidth={names.length > 1 ? 104 : undefined}
      rightSection={
        names.length > 1 && (
          <NativeSelect
            className="unit"
            aria-label={words.unitOf(label)}
            data={names}
            value={unit}
            disabled={disabled}
            variant="unstyled"
            onChange={({ currentTarget }) => type({ amount, unit: currentTarget.value })}
          />
        )
      }
    />
  );
};
