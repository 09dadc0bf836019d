import { Button, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Workflow } from '../data/client';
import { useLeaveGuard } from '../parts/leave-guard';
import { Section } from '../parts/section';
import { given } from '../reprocess/wish';
import { workflowTexts as texts } from '../texts/workflow';
import { type Draft, put } from './change';
import { changesBetween } from './definition';
import { Fields } from './fields';
import { Outline } from './outline';
import { OwnPasswords } from './own-passwords';
import { Review } from './review';
import { useStorageNames } from './storage-names';

/** What is not saved yet. The choices are kept as what differs, so that somebody else's new revision goes under them. */
interface Unsaved {
  draft: Draft;
  name?: string;
  /** As typed; undefined leaves those that it has. */
  passwords?: string[];
  /** The revision upon which it was begun. */
  upon: number;
}

interface EditorProps {
  workflow: Workflow;
  may: boolean;
  /** Reads the workflow again. */
  refresh: () => Promise<unknown>;
}

/** The choices of a workflow, to be changed by who may: nothing happens before it is reviewed and saved. */
export const Editor = ({ workflow, may, refresh }: EditorProps) => {
  const clean: Unsaved = { draft: {}, upon: workflow.revision };
  const [unsaved, setUnsaved] = useState(clean);
  const [reviewing, setReviewing] = useState(false);
  const nameOf = useStorageNames();
  const set = (part: Partial<Unsaved>) => setUnsaved((old) => ({ ...old, ...part }));

  const { draft, passwords, upon } = unsaved;
  const name = unsaved.name ?? workflow.name;
  const definition = { ...workflow.definition, ...draft };
  const facts = changesBetween(workflow.definition, definition, nameOf);
  const typed = passwords === undefined ? undefined : (given(passwords) ?? []);
  // Fields that are open and empty are no wish to take all passwords away.
  const newPasswords = passwords !== undefined && passwords.length > 0 && typed?.length === 0 ? undefined : typed;
  const n = facts.length + (name === workflow.name ? 0 : 1) + (newPasswords === undefined ? 0 : 1);
  useLeaveGuard(n > 0, texts.leave);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // What is reviewed is put upon what the workflow is by then, so that is looked at first.
    void refresh().then(() => setReviewing(true));
  };
  const saved = (revision: number) => {
    setUnsaved({ draft: {}, upon: revision });
    setReviewing(false);
  };

  return (
    <>
      <form className="editor" onSubmit={submit}>
        <div className="sections">
          <Section title={texts.name}>
            <TextInput
              aria-label={texts.name}
              value={name}
              maxLength={200}
              required
              disabled={!may}
              onChange={({ currentTarget }) => set({ name: currentTarget.value })}
            />
          </Section>
          <Fields
            value={definition}
            change={(part) => set({ draft: put(workflow.definition, draft, part) })}
            readOnly={!may}
            passwords={
              <OwnPasswords
                count={workflow.passwordCount}
                value={passwords}
                change={(next) => set({ passwords: next })}
                readOnly={!may}
              />
            }
          />
        </div>
        <aside className="beside card section">
          <Outline
            definition={definition}
            passwords={newPasswords?.length ?? workflow.passwordCount}
            changed={[...facts.map(({ fact }) => fact), ...(newPasswords === undefined ? [] : ['passwords' as const])]}
          />
          <div className="save">
            <Text size="sm" c="dimmed" role="status">
              {may ? n > 0 && texts.unsaved(n) : texts.readOnly}
            </Text>
            {may && (
              <Group gap="xs">
                <Button type="submit" disabled={n === 0} px="sm" flex="1 0 auto">
                  {texts.save}
                </Button>
                {n > 0 && (
                  <Button variant="default" px="sm" flex="1 0 auto" onClick={() => setUnsaved(clean)}>
                    {texts.discard}
                  </Button>
                )}
              </Group>
            )}
          </div>
        </aside>
      </form>
      {reviewing && (
        <Review
          workflow={workflow}
          change={{ name, draft, passwords: newPasswords }}
          facts={facts}
          overtaken={upon !== workflow.revision}
          saved={saved}
          close={() => setReviewing(false)}
        />
      )}
    </>
  );
};
