import { Button, Tooltip } from '@mantine/core';
import { Lock, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useParams } from 'wouter';
import type { FileResult } from '../data/client';
import { useFile, useHistory } from '../data/files';
import { useMay } from '../data/program';
import { isOver, useScan } from '../data/scans';
import { PageHead } from '../parts/page-head';
import { Refused, Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { FileDialog } from '../reprocess/file-dialog';
import { fileTexts as texts } from '../texts/file';
import { reportTexts } from '../texts/report';
import { Answers } from './answers';
import { Compare } from './compare';
import { FileFacts } from './file-facts';
import { Members } from './members';
import { History } from './timeline';
import { Verdict } from './verdict';

/** What can be done with a file. */
const FileActions = ({ file }: { file: FileResult }) => {
  const [dialog, setDialog] = useState<{ withPasswords: boolean }>();
  const scan = useScan(file.scanId).data;
  const may = useMay('operator');
  if (!may) return null;
  const scanRuns = scan !== undefined && !isOver(scan);
  const free = file.state !== 'InProgress' && !scanRuns;
  const why = file.state === 'InProgress' ? texts.busy : texts.scanRuns;
  const encrypted = file.detections.includes('Encrypted');
  const open = (withPasswords: boolean) => free && setDialog({ withPasswords });
  const off = { 'data-disabled': !free || undefined, 'aria-disabled': !free };
  return (
    <>
      <Tooltip label={why} disabled={free}>
        <Button.Group>
          {encrypted && (
            <Button leftSection={<Lock size={16} aria-hidden />} {...off} onClick={() => open(true)}>
              {texts.passwords}
            </Button>
          )}
          <Button
            variant={encrypted ? 'default' : 'filled'}
            leftSection={<RotateCcw size={16} aria-hidden />}
            {...off}
            onClick={() => open(false)}
          >
            {texts.reprocess}
          </Button>
        </Button.Group>
      </Tooltip>
      {dialog && <FileDialog file={file} scanId={file.scanId} {...dialog} close={() => setDialog(undefined)} />}
    </>
  );
};

const FileOf = ({ file }: { file: FileResult }) => {
  const history = useHistory(file.id, `${file.state} ${file.scanResult.dataId}`);
  const entries = history.data?.entries;
  const newest = entries?.[0];
  return (
    <>
      <PageHead
        title={<bdi className="clamp">{visible(file.name)}</bdi>}
        plain={visible(file.name)}
        crumbs={[
          { label: reportTexts.title, href: '/reports' },
          { label: visible(file.scanName), href: `/reports/${file.scanId}` },
        ]}
      >
        <FileActions file={file} />
      </PageHead>
      <div className="sections">
        <Verdict file={file} />
        {history.error && !entries && <Refused error={history.error} retry={() => void history.refetch()} />}
        {newest && <Answers answers={newest.engines} />}
        {file.scanResult.extractedFiles && <Members fileId={file.id} processingId={file.scanResult.dataId} />}
        <FileFacts file={file} />
        {entries && <History entries={entries} />}
        {entries && <Compare entries={entries} />}
      </div>
    </>
  );
};

/** One file: what came out for it and why, what is in it, and every processing of it. */
export const File = () => {
  const { id = '' } = useParams();
  return <Shown query={useFile(id)}>{(file) => <FileOf key={file.id} file={file} />}</Shown>;
};
