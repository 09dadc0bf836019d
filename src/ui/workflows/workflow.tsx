import { Button, Group } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { useAct } from '../data/act';
import type { Workflow as Known } from '../data/client';
import { useMay, useProgram } from '../data/program';
import { useWorkflow } from '../data/setup';
import { Confirm } from '../parts/confirm';
import { Tag } from '../parts/outcome';
import { PageHead } from '../parts/page-head';
import { Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { reportTexts } from '../texts/report';
import { workflowTexts as texts } from '../texts/workflow';
import { Editor } from './editor';
import { Revisions } from './revisions';

const STALE = (id: string) => [['workflows'], ['workflow', id], ['scan'], ['overview']];

const Actions = ({ workflow }: { workflow: Known }) => {
  const { client } = useProgram();
  const [, go] = useLocation();
  const [asking, setAsking] = useState(false);
  const param = { id: workflow.id };
  const name = visible(workflow.name);
  const makeDefault = useAct({
    run: () => parseResponse(client.workflow[':id'].$patch({ param, json: { default: true } })),
    done: () => texts.madeDefault(name),
    stale: () => STALE(workflow.id),
  });
  const remove = useAct({
    run: () => parseResponse(client.workflow[':id'].$delete({ param })),
    done: () => texts.removed(name),
    stale: () => [['workflows']],
    after: () => go('/workflows'),
    quiet: true,
  });
  if (workflow.default) return null;
  return (
    <>
      <Button variant="default" loading={makeDefault.isPending} onClick={() => makeDefault.mutate(undefined)}>
        {texts.makeDefault}
      </Button>
      <Button variant="default" onClick={() => setAsking(true)}>
        {texts.remove}
      </Button>
      {asking && (
        <Confirm
          title={texts.removeTitle}
          verb={texts.removeVerb}
          run={() => remove.mutateAsync(undefined)}
          close={() => setAsking(false)}
        >
          {texts.removeAbout(name)}
        </Confirm>
      )}
    </>
  );
};

/** One workflow: its choices, to be changed by who may, and its revisions. */
export const Workflow = () => {
  const { id = '' } = useParams();
  const may = useMay('admin');
  const query = useWorkflow(id);
  return (
    <Shown query={query}>
      {(workflow) => (
        <>
          <PageHead
            title={visible(workflow.name)}
            crumbs={[{ label: texts.title, href: '/workflows' }]}
            about={
              <Group gap="sm">
                {reportTexts.revision(workflow.revision)}
                {workflow.default && <Tag>{texts.default}</Tag>}
                {workflow.passwordCount > 0 && texts.passwordsCount(workflow.passwordCount)}
              </Group>
            }
          >
            {may && <Actions workflow={workflow} />}
          </PageHead>
          <Editor key={workflow.id} workflow={workflow} may={may} refresh={query.refetch} />
          <div className="after">
            <Revisions workflowId={workflow.id} />
          </div>
        </>
      )}
    </Shown>
  );
};
