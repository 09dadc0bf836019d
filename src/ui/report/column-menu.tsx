import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { Columns3 } from 'lucide-react';
import { reportTexts as texts } from '../texts/report';
import { COLUMNS, type Column } from './columns';

/** Which columns the file table has; kept in this browser. */
export const ColumnMenu = ({ shown, change }: { shown: Column[]; change: (columns: Column[]) => void }) => (
  <Popover position="bottom-end" withinPortal trapFocus>
    <Popover.Target>
      <Button variant="default" visibleFrom="md" leftSection={<Columns3 size={16} aria-hidden />}>
        {texts.shownColumns}
      </Button>
    </Popover.Target>
    <Popover.Dropdown aria-label={texts.shownColumns}>
      <Stack gap="xs">
        {(Object.keys(COLUMNS) as Column[]).map((column) => (
          <Checkbox
            key={column}
            label={texts.columns[column]}
            checked={shown.includes(column)}
            onChange={({ currentTarget }) =>
              change(
                (Object.keys(COLUMNS) as Column[]).filter((one) =>
                  one === column ? currentTarget.checked : shown.includes(one),
                ),
              )
            }
          />
        ))}
      </Stack>
    </Popover.Dropdown>
  </Popover>
);
