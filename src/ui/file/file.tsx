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
import { actsOfEach, latestActs } from './acts';
import { Answers } from './answers';
import { Compare } from './compare';
import { FileFacts } from './file-facts';
import { Members } from './members';
import { Remediation } from './remediation';
import { Sensitive } from './sensitive';
import { History } from './timeline';
import { Verdict } from './verdict';
import { Vulnerable } from './vulnerable';

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
  const { query, entries, total = 0 } = useHistory(file.id, `${file.state} ${file.scanResult.dataId}`);
  const newest = entries?.[0];
  const { dlpInfo, vulnerabilityInfo, extractedFiles, dataId } = file.scanResult;
  const latest = latestActs(entries ?? [], file.remediation);
  const acts = actsOfEach(entries ?? [], file.remediation);
  const { storageName } = file;
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
        {query.error && !entries && <Refused error={query.error} retry={() => void query.refetch()} />}
        {latest.length > 0 && <Remediation acts={latest} storageName={storageName} />}
        {dlpInfo.hits && <Sensitive types={dlpInfo.hits} />}
        {vulnerabilityInfo.result && <Vulnerable products={vulnerabilityInfo.result.detected_products} />}
        {newest && <Answers answers={newest.engines} />}
        {extractedFiles && <Members fileId={file.id} processingId={dataId} />}
        <FileFacts file={file} />
        {entries && <History entries={entries} acts={acts} storageName={storageName} total={total} query={query} />}
        {entries && <Compare entries={entries} acts={acts} />}
      </div>
    </>
  );
};

/** One file: what came out for it and why, what is in it, and every processing of it. */
export const File = () => {
  const { id = '' } = useParams();
  return <Shown query={useFile(id)}>{(file) => <FileOf key={file.id} file={file} />}</Shown>;
};
