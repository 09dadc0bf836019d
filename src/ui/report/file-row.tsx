import { ActionIcon } from '@mantine/core';
import { Lock, RotateCcw } from 'lucide-react';
import { memo } from 'react';
import { Link } from 'wouter';
import type { ScanFile } from '../data/client';
import { bytes } from '../parts/amounts';
import { Detections, Outcome } from '../parts/outcome';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { reportTexts as texts } from '../texts/report';
import type { Column } from './columns';

export interface FileActions {
  /** Looks again at a file; with passwords, where it is encrypted. Absent where that would be refused. */
  reprocess?: (file: ScanFile, withPasswords: boolean) => void;
}

const folderOf = ({ path, name }: ScanFile): string => path.slice(0, path.length - name.length);

export const FileName = ({ file }: { file: ScanFile }) => (
  <div>
    <Link href={`/files/${file.id}`} className="cut row-link" title={visible(file.path)}>
      <bdi>{visible(file.name)}</bdi>
    </Link>
    <span className="cut tiny dim">
      <bdi>{visible(folderOf(file))}</bdi>
    </span>
  </div>
);

const whyOf = ({ state, blockedReason, exceptionDetails, scanAllResultA }: ScanFile): string => {
  if (state !== 'FailedRemediation' || exceptionDetails === undefined)
    return visible(blockedReason ?? exceptionDetails ?? scanAllResultA);
  return visible([blockedReason, texts.notRemedied(exceptionDetails)].filter(Boolean).join(' '));
};

/** Why, in the words of the judge; without them, the result. */
export const Why = ({ file }: { file: ScanFile }) => (
  <div>
    <span className="cut" title={whyOf(file)}>
      {whyOf(file)}
    </span>
    {file.detections.length > 0 && <Detections detections={file.detections} />}
  </div>
);

export const Actions = ({ file, reprocess }: { file: ScanFile } & FileActions) => {
  if (reprocess === undefined) return null;
  const busy = file.state === 'InProgress';
  const encrypted = file.detections.includes('Encrypted');
  const name = visible(file.name);
  return (
    <span className="row-actions">
      {encrypted && (
        <ActionIcon
          variant="subtle"
          aria-label={texts.unlockFile(name)}
          title={texts.unlockFile(name)}
          onClick={() => reprocess(file, true)}
        >
          <Lock size={17} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        aria-label={texts.reprocessFile(name)}
        title={texts.reprocessFile(name)}
        // Not disabled: it keeps the focus that the dialog gave back.
        aria-disabled={busy}
        data-disabled={busy || undefined}
        onClick={() => busy || reprocess(file, false)}
      >
        <RotateCcw size={17} aria-hidden />
      </ActionIcon>
    </span>
  );
};

const CELLS: Record<Column, (props: { file: ScanFile }) => React.ReactNode> = {
  result: Why,
  size: ({ file }) => <span className="num right">{bytes(file.size)}</span>,
  workflow: ({ file }) =>
    file.workflow ? (
      <div>
        <span className="cut">{visible(file.workflow.name)}</span>
        <span className="cut tiny dim">{texts.revision(file.workflow.revision)}</span>
      </div>
    ) : (
      <span className="dim">–</span>
    ),
  processed: ({ file }) => <When time={file.processed} relative />,
};

/**
 * The cells of a row on a wide screen; drawn anew only when something in them is another, not with each step of scrolling. Because many are drawn
 * then, they have no parts of the component kit but their buttons.
 */
export const FileCells = memo(({ file, columns, reprocess }: { file: ScanFile; columns: Column[] } & FileActions) => (
  <>
    <div role="cell">
      <Outcome file={file} />
    </div>
    <div role="cell">
      <FileName file={file} />
    </div>
    {columns.map((column) => {
      const Cell = CELLS[column];
      return (
        <div role="cell" key={column}>
          <Cell file={file} />
        </div>
      );
    })}
    <div role="cell" className="right">
      <Actions file={file} reprocess={reprocess} />
    </div>
  </>
));

/** The same on a phone: one cell, the name first. */
export const FileCard = memo(({ file, reprocess }: { file: ScanFile } & FileActions) => (
  <>
    <div role="cell">
      <FileName file={file} />
      <div className="card-line">
        <Outcome file={file} />
        <span className="cut tiny">{whyOf(file)}</span>
      </div>
    </div>
    <div role="cell">
      <Actions file={file} reprocess={reprocess} />
    </div>
  </>
));
