import { ActionIcon, Button, Group, Table, Text } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ArchiveMember } from '../data/client';
import { useMembers } from '../data/files';
import { bytes } from '../parts/amounts';
import { MoreButton } from '../parts/more-button';
import { Tag, toneOfResult } from '../parts/outcome';
import { Section } from '../parts/section';
import { Loading, Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { fileTexts as texts } from '../texts/file';
import { type Node, type Row, rowsOf, treeOf } from './tree';

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

interface RowProps extends Row<ArchiveMember> {
  open: boolean;
  toggle: () => void;
}

const MemberRow = ({ node, level, open, toggle }: RowProps) => {
  const { member } = node;
  const name = visible(node.name);
  const Sign = open ? ChevronDown : ChevronRight;
  const hasChildren = node.children.length > 0;
  return (
    <Table.Tr aria-level={level} aria-expanded={hasChildren ? open : undefined}>
      <Table.Td>
        <div className="tree-name" style={{ paddingInlineStart: (level - 1) * 18 }}>
          {hasChildren ? (
            <ActionIcon
              variant="subtle"
              size="sm"
              color="gray"
              aria-label={open ? texts.shut(name) : texts.open(name)}
              onClick={toggle}
            >
              <Sign size={16} aria-hidden />
            </ActionIcon>
          ) : (
            <span className="tree-leaf" />
          )}
          <span className="name" title={visible(member?.displayName ?? node.path)}>
            <bdi>{name}</bdi>
          </span>
        </div>
      </Table.Td>
      <Table.Td>
        {member && (
          <>
            <Tag tone={toneOfResult(member.scanAllResultI)}>{member.scanAllResultA}</Tag>
            {member.processInfo.blockedReason && !hasChildren && (
              <Text size="xs" c="dimmed" className="clamp">
                {visible(member.processInfo.blockedReason)}
              </Text>
            )}
          </>
        )}
      </Table.Td>
      <Table.Td>{visible(member?.fileTypeDescription ?? '')}</Table.Td>
      <Table.Td className="num right">{member && bytes(member.fileSize)}</Table.Td>
    </Table.Tr>
  );
};

/** What lies in a file, as a tree; read page by page. */
export const Members = ({ fileId, processingId }: { fileId: string; processingId: string }) => {
  const { query, entries, total = 0 } = useMembers(fileId, processingId);
  const [toggled, setToggled] = useState<Record<string, boolean>>({});
  const [all, setAll] = useState<boolean>();
  const nodes = useMemo(() => treeOf(entries ?? []), [entries]);
  const open = useMemo(() => notable(nodes), [nodes]);
  const isOpen = ({ path }: MemberNode) => toggled[path] ?? all ?? (total <= FEW || open.has(path));
  const rows = rowsOf(nodes, isOpen);
  const setEvery = (value: boolean) => {
    setToggled({});
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
        <Table.ScrollContainer minWidth={620}>
          <Table role="treegrid" aria-label={texts.members} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{texts.member}</Table.Th>
                <Table.Th>{texts.result}</Table.Th>
                <Table.Th>{texts.type}</Table.Th>
                <Table.Th className="right">{texts.size}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ node, level }) => (
                <MemberRow
                  key={node.path}
                  node={node}
                  level={level}
                  open={isOpen(node)}
                  toggle={() => setToggled({ ...toggled, [node.path]: !isOpen(node) })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MoreButton query={query} />
    </Section>
  );
};
