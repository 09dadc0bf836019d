import { Anchor, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useAct } from '../data/act';
import type { Workflow } from '../data/client';
import { useMay, useProgram } from '../data/program';
import { useJudgedReports, useStorages } from '../data/setup';
import { Refused, Shown } from '../parts/states';
import { useTimes } from '../parts/times';
import { visible } from '../parts/visible';
import { words } from '../texts/words';
import { passwordTexts, revisionTexts, reviewTexts as texts, workflowTexts } from '../texts/workflow';
import { changeOf, type Draft } from './change';
import type { FactChange } from './definition';
import { newestOf, storagesOf } from './reach';

interface ReviewProps {
  workflow: Workflow;
  change: { name: string; draft: Draft; passwords?: string[] };
  facts: FactChange[];
  /** Somebody else saved a revision since the changes were begun. */
  overtaken: boolean;
  saved: (revision: number) => void;
  close: () => void;
}

const Changes = ({ workflow, change: { name, passwords }, facts }: Omit<ReviewProps, 'saved' | 'close'>) => (
  <ul className="plain lines small" aria-label={texts.changes}>
    {name !== workflow.name && <li className="name">{revisionTexts.renamed(visible(workflow.name), visible(name))}</li>}
    {facts.map(({ fact, label, text }) => (
      <li key={fact} className="name">
        <b>{label}:</b> {text}
      </li>
    ))}
    {passwords && (
      <li>
        <b>{workflowTexts.passwords}:</b> {passwordTexts.change(workflow.passwordCount, passwords.length)}
      </li>
    )}
  </ul>
);

/** Says before a workflow is changed what changes and what that means for files, and offers to look at them again. */
export const Review = (props: ReviewProps) => {
  const { workflow, change, overtaken, saved, close } = props;
  const { client } = useProgram();
  const { say } = useTimes();
  const mayRescan = useMay('operator');
  const storages = storagesOf(workflow, useStorages().data ?? []).map(({ name }) => visible(name));
  const judged = useJudgedReports(workflow.id);
  const [again, setAgain] = useState<string[]>([]);
  const newest = newestOf(judged.data?.entries ?? []);
  const chosen = newest.filter(({ id }) => again.includes(id));
  const files = chosen.reduce((sum, report) => sum + report.files, 0);
  const next = workflow.revision + 1;

  const rescan = useAct({
    run: async () => {
      for (const { id } of chosen)
        await parseResponse(client.scan[':id'].reprocess.$post({ param: { id }, json: { outdated: true } }));
    },
    done: () => (
      <>
        {texts.started(chosen.length)}{' '}
        <Anchor component={Link} href="/rescans" size="sm">
          {texts.follow}
        </Anchor>
      </>
    ),
    stale: () => [['rescans'], ['active'], ['scan']],
  });
  const save = useAct({
    run: () =>
      parseResponse(
        client.workflow[':id'].$patch({
          param: { id: workflow.id },
          json: { name: change.name, definition: changeOf(change.draft), passwords: change.passwords },
        }),
      ),
    done: ({ name, revision }) => workflowTexts.saved(visible(name), revision),
    stale: () => [['workflows'], ['workflow', workflow.id], ['scan'], ['overview']],
    after: ({ revision }) => {
      if (chosen.length > 0) rescan.mutate(undefined);
      saved(revision);
    },
    quiet: true,
  });
  const toggle = (id: string) => setAgain((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id]));

  return (
    <Modal
      opened
      onClose={close}
      title={texts.titleOf(next)}
      size="lg"
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Stack>
        {overtaken && (
          <Text size="sm" className="tone-text" data-tone="warn">
            {texts.overtaken(workflow.revision)}
          </Text>
        )}
        <div>
          <Text fw={600} size="sm" mb={4}>
            {texts.changes}
          </Text>
          <Changes {...props} />
        </div>
        <div>
          <Text fw={600} size="sm" mb={4}>
            {texts.meaning}
          </Text>
          <Text size="sm">
            {storages.length === 0 ? texts.noStorage : texts.fromNow(storages.join(', '))} {texts.running}
          </Text>
        </div>
        <Shown query={judged}>
          {({ files: all, total }) => (
            <>
              <Text size="sm">{all === 0 ? texts.noFiles : texts.files(all, total)}</Text>
              {newest.length > 0 && mayRescan && (
                <Checkbox.Group label={texts.again} description={texts.againHint} value={again}>
                  <Stack gap={6} mt={8} className="file-list">
                    {newest.map((report) => (
                      <Checkbox
                        key={report.id}
                        value={report.id}
                        label={texts.report(visible(report.name), say(report.created), report.files)}
                        onChange={() => toggle(report.id)}
                      />
                    ))}
                  </Stack>
                  <Text size="xs" c="dimmed" mt={8}>
                    {texts.acts} {total > newest.length && texts.older(total - newest.length)}
                  </Text>
                </Checkbox.Group>
              )}
            </>
          )}
        </Shown>
        {save.error && <Refused error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {texts.back}
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate(undefined)}>
            {files > 0 ? texts.saveAnd(next, files) : texts.save(next)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
};
