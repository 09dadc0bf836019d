import type { FileResult } from '../data/client';
import { bytes, count, duration } from '../parts/amounts';
import { Facts } from '../parts/facts';
import { Section } from '../parts/section';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { fileTexts as texts } from '../texts/file';

const mono = (text: string) => text && <span className="mono">{visible(text)}</span>;

/** "1.23 MB (1,234,567 B)"; what is short is said once. */
const sizeOf = (size: number): string => (size < 1000 ? bytes(size) : `${bytes(size)} (${count(size)} B)`);

/** Where a file is and what it is. */
export const FileFacts = ({ file }: { file: FileResult }) => {
  const { fileInfo, scanResults, processInfo } = file.scanResult;
  const over = file.state !== 'InProgress';
  return (
    <Section title={texts.facts}>
      <Facts
        facts={[
          [texts.path, mono(file.path)],
          [texts.storage, visible(file.storageName)],
          [texts.size, sizeOf(fileInfo.fileSize)],
          [texts.type, visible(fileInfo.fileTypeDescription)],
          ['SHA-256', mono(fileInfo.sha256)],
          ['SHA-1', mono(fileInfo.sha1)],
          ['MD5', mono(fileInfo.md5)],
          [texts.lookedAt, over && <When time={scanResults.startTime} />],
          [texts.took, over && `${duration(scanResults.totalTime)}, ${texts.waited(duration(processInfo.queueTime))}`],
        ]}
      />
    </Section>
  );
};
