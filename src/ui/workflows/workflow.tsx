import { Button, Group, Text, TextInput } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { type FormEvent, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { useAct } from '../data/act';
import type { Workflow as Known } from '../data/client';
import { useMay, useProgram } from '../data/program';
import { useWorkflow } from '../data/setup';
import { Confirm } from '../parts/confirm';
import { Tag } from '../parts/outcome';
import { PageHead } from '../parts/page-head';
import { Section } from '../parts/section';
import { Refused, Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { reportTexts } from '../texts/report';
import { workflowTexts as texts } from '../texts/workflow';
import { changeOf } from './change';
import { Fields } from './fields';
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

const Editor = ({ workflow, may }: { workflow: Known; may: boolean }) => {
  const { client } = useProgram();
  const [name, setName] = useState(workflow.name);
  const [definition, setDefinition] = useState(workflow.definition);
  const save = useAct({
    run: () =>
      parseResponse(
        client.workflow[':id'].$patch({
          param: { id: workflow.id },
          json: { name, definition: changeOf(workflow.definition, definition) },
        }),
      ),
    done: ({ revision }) => texts.saved(visible(name), revision),
    stale: () => STALE(workflow.id),
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  const changed = name !== workflow.name || Object.keys(changeOf(workflow.definition, definition)).length > 0;
  return (
    <form className="sections" onSubmit={submit}>
      <Section title={texts.name}>
        <TextInput
          aria-label={texts.name}
          value={name}
          maxLength={200}
          required
          disabled={!may}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
      </Section>
      <Fields value={definition} change={(part) => setDefinition((old) => ({ ...old, ...part }))} readOnly={!may} />
      {may && (
        <div className="card section save">
          {save.error && <Refused error={save.error} />}
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {texts.saveAbout}
            </Text>
            <Button type="submit" disabled={!changed} loading={save.isPending}>
              {texts.save}
            </Button>
          </Group>
        </div>
      )}
    </form>
  );
};

/** One workflow: its choices, to be changed by who may, and its revisions. */
export const Workflow = () => {
  const { id = '' } = useParams();
  const may = useMay('admin');
  return (
    <Shown query={useWorkflow(id)}>
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
          {/* Another revision is begun anew, also when someone else made it. */}
          <Editor key={`${workflow.id} ${workflow.revision}`} workflow={workflow} may={may} />
          <div className="after">
            <Revisions workflowId={workflow.id} />
          </div>
        </>
      )}
    </Shown>
  );
};
