import { Box, Button, Collapse, MultiSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { ListFilter, Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Detection } from '../../core/result';
import { useWorkflows } from '../data/setup';
import { count } from '../parts/amounts';
import { fromLocalInput, toLocalInput } from '../parts/local-input';
import { reportTexts as texts } from '../texts/report';
import { detectionTexts } from '../texts/results';
import { type Filter, filterChoices } from './filter';

interface FilterBarProps {
  filter: Filter;
  change: (filter: Filter) => void;
  /** How many files have which detection. */
  byDetection: Record<Detection, number>;
}

/** What is typed is looked for when the typing rests. Milliseconds. */
const REST = 300;

const SearchInput = ({ filter, change }: Pick<FilterBarProps, 'filter' | 'change'>) => {
  const [text, setText] = useState(filter.search ?? '');
  const search = useDebouncedCallback((value: string) => change({ ...filter, search: value || undefined }), REST);
  useEffect(() => setText(filter.search ?? ''), [filter.search]);
  return (
    <TextInput
      label={texts.search}
      leftSection={<Search size={16} aria-hidden />}
      value={text}
      type="search"
      maxLength={1000}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value);
      }}
    />
  );
};

const Fields = ({ filter, change, byDetection }: FilterBarProps) => {
  const workflows = useWorkflows().data ?? [];
  const known = workflows.map(({ id, name }) => ({ value: id, label: name }));
  const chosen = filter.workflowId;
  // A workflow that was removed still stands in what was judged by it.
  if (chosen && !known.some(({ value }) => value === chosen)) known.push({ value: chosen, label: chosen });
  const empty = Object.values(filter).every((value) => value === undefined || value.length === 0);

  return (
    <div className="filters">
      <SearchInput filter={filter} change={change} />
      <MultiSelect
        label={texts.detection}
        placeholder={filter.detection?.length ? undefined : texts.anyDetection}
        title={texts.detectionHint}
        data={filterChoices.detections.map((value) => ({
          value,
          label: `${detectionTexts[value].label} (${count(byDetection[value])})`,
        }))}
        value={filter.detection ?? []}
        onChange={(detection) => change({ ...filter, detection: detection as Detection[] })}
        clearable
      />
      <Select
        label={texts.workflow}
        placeholder={texts.anyWorkflow}
        data={known}
        value={chosen ?? null}
        onChange={(workflowId) => change({ ...filter, workflowId: workflowId ?? undefined })}
        clearable
      />
      <TextInput
        label={texts.from}
        type="datetime-local"
        value={toLocalInput(filter.from)}
        onChange={({ currentTarget }) => change({ ...filter, from: fromLocalInput(currentTarget.value) })}
      />
      <TextInput
        label={texts.to}
        type="datetime-local"
        value={toLocalInput(filter.to)}
        onChange={({ currentTarget }) => change({ ...filter, to: fromLocalInput(currentTarget.value) })}
      />
      {!empty && (
        <Button
          variant="subtle"
          size="compact-sm"
          className="clear"
          leftSection={<X size={14} aria-hidden />}
          onClick={() => change({})}
        >
          {texts.clear}
        </Button>
      )}
    </div>
  );
};

/** The filters besides the status, which is chosen by its counts; on a phone they are folded away. */
export const FilterBar = (props: FilterBarProps) => {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [open, { toggle }] = useDisclosure();
  const { status: _, ...others } = props.filter;
  if (!narrow) {
    return (
      <Box my="md">
        <Fields {...props} />
      </Box>
    );
  }
  return (
    <Box my="md">
      <Button
        variant="default"
        leftSection={<ListFilter size={16} aria-hidden />}
        aria-expanded={open}
        onClick={toggle}
        mb="xs"
      >
        {texts.filtersCount(Object.keys(others).length)}
      </Button>
      <Collapse expanded={open}>
        <Fields {...props} />
      </Collapse>
    </Box>
  );
};
