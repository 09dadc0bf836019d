import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useAct } from '../data/act';
import type { ScanDetail } from '../data/client';
import { useProgram } from '../data/program';
import { count } from '../parts/amounts';
import { Refused } from '../parts/states';
import { countsOf } from '../report/counts';
import { filterChoices, toggled } from '../report/filter';
import { reprocessTexts as texts } from '../texts/reprocess';
import { detectionTexts, statusTexts } from '../texts/results';
import { words } from '../texts/words';
import { Choices } from './choices';
import { Passwords } from './passwords';
import { PreviewPanel, usePreview } from './preview';
import { remediationNote, toRequest, type Wish } from './wish';
import { WorkflowSelect } from './workflow-select';

interface DialogProps {
  scan: ScanDetail;
  first: Wish;
  close: () => void;
}

/** Asks which files of a report to look at again, and how; says how many of which kind that is; starts it and goes there. */
export const ReportDialog = ({ scan, first, close }: DialogProps) => {
  const { client } = useProgram();
  const [, go] = useLocation();
  const [wish, setWish] = useState(first);
  const change = (part: Partial<Wish>) => setWish((old) => ({ ...old, ...part }));
  const preview = usePreview(scan.id, wish);
  const start = useAct({
    run: () => parseResponse(client.scan[':id'].reprocess.$post({ param: { id: scan.id }, json: toRequest(wish) })),
    done: ({ count: n }) => texts.started(n),
    stale: () => [['rescans'], ['active'], ['scan', scan.id]],
    after: ({ rescanId }) => go(`/rescans/${rescanId}`),
    quiet: true,
  });
  const counts = countsOf(scan);
  const note = remediationNote(wish.status);
  const n = preview.settled ? preview.data?.count : undefined;

  return (
    <Modal opened onClose={close} title={texts.title} size="xl" closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <Text size="sm" c="dimmed">
          {texts.about}
        </Text>
        <Choices
          legend={texts.status}
          hint={texts.statusHint}
          choices={filterChoices.statuses.map((value) => ({ value, ...statusTexts[value], count: counts[value] }))}
          chosen={wish.status}
          toggle={(status) => change({ status: toggled(wish.status, status) })}
        />
        {note && (
          <Text size="sm" role="note">
            {note}
          </Text>
        )}
        <Choices
          legend={texts.detection}
          hint={texts.detectionHint}
          choices={filterChoices.detections.map((value) => ({
            value,
            ...detectionTexts[value],
            count: scan.byDetection[value],
          }))}
          chosen={wish.detection}
          toggle={(detection) => change({ detection: toggled(wish.detection, detection) })}
        />
        <WorkflowSelect value={wish.workflowId} change={(workflowId) => change({ workflowId })} />
        <Checkbox
          label={`${texts.outdated} (${count(scan.outdated ?? 0)})`}
          description={texts.outdatedHint}
          checked={wish.outdated}
          onChange={({ currentTarget }) => change({ outdated: currentTarget.checked })}
        />
        <Checkbox
          label={texts.force}
          description={texts.forceHint}
          checked={wish.force}
          onChange={({ currentTarget }) => change({ force: currentTarget.checked })}
        />
        <Passwords value={wish.passwords} change={(passwords) => change({ passwords })} />
        {start.error && <Refused error={start.error} />}
      </Stack>
      <div className="dialog-foot">
        <PreviewPanel preview={preview} wish={wish} />
        <Group justify="flex-end" wrap="nowrap">
          <Button variant="default" onClick={close}>
            {words.cancel}
          </Button>
          <Button
            leftSection={<RotateCcw size={16} aria-hidden />}
            disabled={!n}
            loading={start.isPending}
            onClick={() => start.mutate(undefined)}
          >
            {n ? texts.goCount(n) : texts.go}
          </Button>
        </Group>
      </div>
    </Modal>
  );
};
