import { Button, Group, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ArchiveMember } from '../data/client';
import { useMembers } from '../data/files';
import { MoreButton } from '../parts/more-button';
import { toneOfResult } from '../parts/outcome';
import { Section } from '../parts/section';
import { Loading, Refused } from '../parts/states';
import { fileTexts as texts } from '../texts/file';
import { MemberTree } from './member-tree';
import { type Node, rowsOf, treeOf } from './tree';

type MemberNode = Node<ArchiveMember>;

/** An archive of more members is shown with its archives and folders closed, but for those with something to see. */
const FEW = 50;

const isClean = ({ scanAllResultI }: ArchiveMember): boolean => toneOfResult(scanAllResultI) === 'good';

/** The nodes that lead to something that is not clean. */
const notable = (nodes: MemberNode[]): Set<string> => {
  const paths = new Set<string>();
  const visit = (node: MemberNode): boolean => {
    const below = node.children.filter(visit).length > 0;
    if (below) paths.add(node.path);
    return below || (node.member !== undefined && !isClean(node.member));
  };
  for (const node of nodes) visit(node);
  return paths;
};

/** What lies in a file, as a tree; read page by page. */
export const Members = ({ fileId, processingId }: { fileId: string; processingId: string }) => {
  const { query, entries, total = 0 } = useMembers(fileId, processingId);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [all, setAll] = useState<boolean>();
  const nodes = useMemo(() => treeOf(entries ?? []), [entries]);
  const open = useMemo(() => notable(nodes), [nodes]);
  const isOpen = ({ path }: MemberNode) => toggled.get(path) ?? all ?? (total <= FEW || open.has(path));
  // biome-ignore lint/correctness/useExhaustiveDependencies: all that isOpen looks at.
  const rows = useMemo(() => rowsOf(nodes, isOpen), [nodes, open, toggled, all, total]);
  const setEvery = (value: boolean) => {
    setToggled(new Map());
    setAll(value);
  };
  const isTree = nodes.some(({ children }) => children.length > 0);

  return (
    <Section
      title={texts.members}
      flush={rows.length > 0}
      aside={
        <Group gap="xs">
          <Text size="sm" c="dimmed" className="num">
            {entries && entries.length < total ? texts.membersShown(entries.length, total) : texts.membersCount(total)}
          </Text>
          {isTree && (
            <Button.Group>
              <Button size="compact-xs" variant="default" onClick={() => setEvery(true)}>
                {texts.openAll}
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => setEvery(false)}>
                {texts.shutAll}
              </Button>
            </Button.Group>
          )}
        </Group>
      }
    >
      {query.error && !entries && <Refused error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {entries?.length === 0 && (
        <Text size="sm" c="dimmed">
          {texts.noMembers}
        </Text>
      )}
      {rows.length > 0 && (
        <MemberTree
          rows={rows}
          isOpen={isOpen}
          set={({ path }, value) => setToggled((old) => new Map(old).set(path, value))}
        />
      )}
      {entries && entries.length < total && (
        <Text size="sm" c="dimmed" ta="center" mt="sm">
          {texts.membersMore}
        </Text>
      )}
      <MoreButton query={query} />
    </Section>
  );
};
