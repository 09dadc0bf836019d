import { Anchor, Button, Group, Modal, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { Plus, Workflow as Sign } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useAct } from '../data/act';
import { useMay, useProgram } from '../data/program';
import { useWorkflows } from '../data/setup';
import { Tag } from '../parts/outcome';
import { PageHead } from '../parts/page-head';
import { Empty, Refused, Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { words } from '../texts/words';
import { workflowTexts as texts } from '../texts/workflow';

const AddDialog = ({ close }: { close: () => void }) => {
  const { client } = useProgram();
  const [, go] = useLocation();
  const workflows = useWorkflows().data ?? [];
  const [name, setName] = useState('');
  const [from, setFrom] = useState('');
  const add = useAct({
    run: () => {
      const definition = workflows.find(({ id }) => id === from)?.definition;
      return parseResponse(client.workflow.$post({ json: { name, definition } }));
    },
    done: () => texts.created(visible(name)),
    stale: () => [['workflows']],
    after: ({ id }) => go(`/workflows/${id}`),
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <Modal opened onClose={close} title={texts.addTitle} closeButtonProps={{ 'aria-label': words.close }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={texts.name}
            value={name}
            maxLength={200}
            required
            withAsterisk={false}
            data-autofocus
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Select
            label={texts.begin}
            description={texts.beginAbout}
            data={[
              { value: '', label: texts.beginDefaults },
              ...workflows.map((workflow) => ({ value: workflow.id, label: texts.beginCopy(visible(workflow.name)) })),
            ]}
            value={from}
            allowDeselect={false}
            onChange={(id) => setFrom(id ?? '')}
          />
          {add.error && <Refused error={add.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {texts.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};

/** The list of workflows. */
export const Workflows = () => {
  const [adding, setAdding] = useState(false);
  const may = useMay('admin');
  return (
    <>
      <PageHead title={texts.title} about={texts.about}>
        {may && (
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {texts.add}
          </Button>
        )}
      </PageHead>
      {adding && <AddDialog close={() => setAdding(false)} />}
      <Shown query={useWorkflows()}>
        {(workflows) =>
          workflows.length === 0 ? (
            <Empty Icon={Sign} title={texts.none} />
          ) : (
            <Table.ScrollContainer minWidth={560} className="card">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    {Object.entries(texts.columns).map(([key, label]) => (
                      <Table.Th key={key}>{label}</Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {workflows.map(({ id, name, revision, created, passwordCount, default: isDefault }) => (
                    <Table.Tr key={id}>
                      <Table.Td className="name">
                        <Anchor component={Link} href={`/workflows/${id}`} size="sm" fw={500}>
                          {visible(name)}
                        </Anchor>{' '}
                        {isDefault && <Tag>{texts.default}</Tag>}
                        {isDefault && (
                          <Text size="xs" c="dimmed">
                            {texts.defaultAbout}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td className="num">{revision}</Table.Td>
                      <Table.Td>
                        <When time={created} relative />
                      </Table.Td>
                      <Table.Td className="num">{passwordCount}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Shown>
    </>
  );
};
