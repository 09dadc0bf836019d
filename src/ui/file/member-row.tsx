import { ActionIcon, Text } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { ArchiveMember } from '../data/client';
import { bytes } from '../parts/amounts';
import { Tag, toneOfResult } from '../parts/outcome';
import { visible } from '../parts/visible';
import { fileTexts as texts } from '../texts/file';
import type { Row } from './tree';

interface CellsProps extends Row<ArchiveMember> {
  open: boolean;
  toggle: () => void;
  /** On a phone the result stands below the name. */
  narrow: boolean;
}

const INDENT = 18;

const Result = ({ member, quiet }: { member: ArchiveMember; quiet: boolean }) => {
  const why = visible(member.processInfo.blockedReason);
  return (
    <>
      <Tag tone={toneOfResult(member.scanAllResultI)}>{member.scanAllResultA}</Tag>
      {why && !quiet && (
        <Text size="xs" c="dimmed" className="cut" title={why}>
          {why}
        </Text>
      )}
    </>
  );
};

/** One place in an archive: of a container or a folder, the button that opens it. */
export const MemberCells = ({ node, level, open, toggle, narrow }: CellsProps) => {
  const { member, children } = node;
  const name = visible(node.name);
  const Sign = open ? ChevronDown : ChevronRight;
  const hasChildren = children.length > 0;
  return (
    <>
      <div role="gridcell" className="tree-name" style={{ paddingInlineStart: (level - 1) * INDENT }}>
        {hasChildren ? (
          <ActionIcon
            variant="subtle"
            size="sm"
            color="gray"
            // The arrow keys open and close; among 100,000 rows nobody wants to step through buttons.
            tabIndex={-1}
            aria-label={open ? texts.shut(name) : texts.open(name)}
            onClick={toggle}
          >
            <Sign size={16} aria-hidden />
          </ActionIcon>
        ) : (
          <span className="tree-leaf" />
        )}
        <div className="tree-words">
          <bdi className="cut" title={visible(member?.displayName ?? node.path)}>
            {name}
          </bdi>
          {narrow && member && <Result member={member} quiet />}
        </div>
      </div>
      {!narrow && (
        <>
          <div role="gridcell">{member && <Result member={member} quiet={hasChildren} />}</div>
          <div role="gridcell">
            <span className="cut" title={visible(member?.fileTypeDescription ?? '')}>
              {visible(member?.fileTypeDescription ?? '')}
            </span>
          </div>
        </>
      )}
      <div role="gridcell" className="num right nowrap">
        {member && bytes(member.fileSize)}
      </div>
    </>
  );
};
