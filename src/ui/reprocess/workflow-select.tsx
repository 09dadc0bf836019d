import { Select } from '@mantine/core';
import { useWorkflows } from '../data/setup';
import { reprocessTexts as texts } from '../texts/reprocess';

/** The workflow of a rescan; the empty choice is the one that applies now. */
export const WorkflowSelect = (props: { value?: string; change: (workflowId?: string) => void }) => {
  const workflows = useWorkflows().data ?? [];
  return (
    <Select
      label={texts.workflow}
      description={texts.workflowHint}
      data={[
        { value: '', label: texts.workflowNow },
        ...workflows.map(({ id, name, revision }) => ({ value: id, label: `${name} · revision ${revision}` })),
      ]}
      value={props.value ?? ''}
      onChange={(workflowId) => props.change(workflowId || undefined)}
      allowDeselect={false}
    />
  );
};
