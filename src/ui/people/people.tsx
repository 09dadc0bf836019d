import { Button, Select, Table, Text } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { useState } from 'react';
import type { Role } from '../../core/user';
import { useAct } from '../data/act';
import type { ApiKey, User } from '../data/client';
import { useApiKeys, useUsers } from '../data/people';
import { useProgram } from '../data/program';
import { Confirm } from '../parts/confirm';
import { PageHead } from '../parts/page-head';
import { Section } from '../parts/section';
import { Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { peopleTexts as texts } from '../texts/people';
import { shellTexts } from '../texts/shell';
import { words } from '../texts/words';
import { AddKey, AddUser, ROLES } from './add';

interface RemoveProps {
  name: string;
  title: string;
  about: string;
  verb: string;
  run: () => Promise<unknown>;
}

const Remove = ({ name, title, about, verb, run }: RemoveProps) => {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" aria-label={texts.removeOf(name)} onClick={() => setAsking(true)}>
        {words.remove}
      </Button>
      {asking && (
        <Confirm title={title} verb={verb} run={run} close={() => setAsking(false)}>
          {about}
        </Confirm>
      )}
    </>
  );
};

const UserRow = ({ user }: { user: User }) => {
  const { client } = useProgram();
  const param = { id: user.id };
  const name = visible(user.userName);
  const change = useAct({
    run: (role: Role) => parseResponse(client.user[':id'].$patch({ param, json: { role } })),
    done: () => texts.roleChanged(name),
    stale: () => [['users']],
  });
  const remove = useAct({
    run: () => parseResponse(client.user[':id'].$delete({ param })),
    done: () => texts.userRemoved(name),
    stale: () => [['users']],
    quiet: true,
  });
  return (
    <Table.Tr>
      <Table.Td className="name">{name}</Table.Td>
      <Table.Td>
        <Select
          size="xs"
          aria-label={texts.roleOf(name)}
          data={ROLES}
          value={user.role}
          onChange={(role) => role && change.mutate(role)}
          allowDeselect={false}
        />
      </Table.Td>
      <Table.Td>
        <When time={user.created} />
      </Table.Td>
      <Table.Td className="right">
        <Remove
          name={name}
          title={texts.removeUser}
          about={texts.removeUserAbout(name)}
          verb={texts.removeUserVerb}
          run={() => remove.mutateAsync(undefined)}
        />
      </Table.Td>
    </Table.Tr>
  );
};

const KeyRow = ({ apiKey }: { apiKey: ApiKey }) => {
  const { client } = useProgram();
  const name = visible(apiKey.name);
  const remove = useAct({
    run: () => parseResponse(client.apikey[':id'].$delete({ param: { id: apiKey.id } })),
    done: () => texts.keyRemoved(name),
    stale: () => [['apikeys']],
    quiet: true,
  });
  return (
    <Table.Tr>
      <Table.Td className="name">{name}</Table.Td>
      <Table.Td>{shellTexts.roles[apiKey.role]}</Table.Td>
      <Table.Td>
        <When time={apiKey.created} />
      </Table.Td>
      <Table.Td>
        <When time={apiKey.lastUsed} relative />
      </Table.Td>
      <Table.Td className="right">
        <Remove
          name={name}
          title={texts.removeKey}
          about={texts.removeKeyAbout(name)}
          verb={texts.removeKeyVerb}
          run={() => remove.mutateAsync(undefined)}
        />
      </Table.Td>
    </Table.Tr>
  );
};

const Head = ({ names }: { names: string[] }) => (
  <Table.Thead>
    <Table.Tr>
      {names.map((name) => (
        <Table.Th key={name} className={name === texts.actions ? 'right' : undefined}>
          {name}
        </Table.Th>
      ))}
    </Table.Tr>
  </Table.Thead>
);

/** Who may sign in or ask, and as what. */
export const People = () => (
  <>
    <PageHead title={texts.title} about={texts.about} />
    <div className="sections">
      <Section title={texts.users}>
        <Shown query={useUsers()}>
          {(users) => (
            <Table.ScrollContainer minWidth={620}>
              <Table>
                <Head names={[texts.userName, texts.role, texts.created, texts.actions]} />
                <Table.Tbody>
                  {users.map((user) => (
                    <UserRow key={user.id} user={user} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </Shown>
        <AddUser />
      </Section>
      <Section title={texts.keys}>
        <Shown query={useApiKeys()}>
          {(keys) =>
            keys.length === 0 ? (
              <Text size="sm">{texts.noKeys}</Text>
            ) : (
              <Table.ScrollContainer minWidth={620}>
                <Table>
                  <Head names={[texts.keyName, texts.role, texts.created, texts.lastUsed, texts.actions]} />
                  <Table.Tbody>
                    {keys.map((key) => (
                      <KeyRow key={key.id} apiKey={key} />
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            )
          }
        </Shown>
        <AddKey />
      </Section>
    </div>
  </>
);
