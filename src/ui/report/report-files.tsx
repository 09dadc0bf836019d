import { useCallback, useState } from 'react';
import type { Scan, ScanFile } from '../data/client';
import { isOver } from '../data/scans';
import { FileDialog } from '../reprocess/file-dialog';
import type { Column } from './columns';
import { FileTable } from './file-table';
import type { Filter } from './filter';

interface ReportFilesProps {
  scan: Scan;
  filter: Filter;
  columns: Column[];
  mayReprocess: boolean;
}

/** The file table with the dialog that a row opens. */
export const ReportFiles = ({ scan, filter, columns, mayReprocess }: ReportFilesProps) => {
  const [open, setOpen] = useState<{ file: ScanFile; withPasswords: boolean }>();
  const reprocess = useCallback((file: ScanFile, withPasswords: boolean) => setOpen({ file, withPasswords }), []);
  return (
    <>
      <FileTable
        scanId={scan.id}
        filter={filter}
        columns={columns}
        all={scan.counts.total}
        going={!isOver(scan)}
        reprocess={mayReprocess ? reprocess : undefined}
      />
      {open && <FileDialog {...open} scanId={scan.id} close={() => setOpen(undefined)} />}
    </>
  );
};
