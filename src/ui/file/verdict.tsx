import { Alert, Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { ResultCode } from '../../core/result';
import type { FileResult } from '../data/client';
import { Detections, kindOf, looks, Outcome } from '../parts/outcome';
import { Section } from '../parts/section';
import { visible } from '../parts/visible';
import { fileTexts as texts } from '../texts/file';
import { resultTexts } from '../texts/results';
import { NowAt } from './place';

/** Why the file is what it is, in one sentence: the judge's own, or what its result means. */
const sentenceOf = ({ scanResult, exceptionDetails }: FileResult): string => {
  const { blockedReason } = scanResult.processInfo;
  const code = scanResult.scanResults.scanAllResultI as ResultCode;
  return blockedReason || exceptionDetails || resultTexts[code];
};

/** The verdict on a file, and why. */
export const Verdict = ({ file }: { file: FileResult }) => {
  const { scanAllResultI, scanAllResultA } = file.scanResult.scanResults;
  const sentence = visible(sentenceOf(file));
  const means = resultTexts[scanAllResultI as ResultCode];
  return (
    <Section title={texts.outcome} aside={<Detections detections={file.detections} />}>
      <div className="verdict" data-tone={looks[kindOf(file)].tone}>
        <Group gap="sm">
          <Outcome file={file} />
          <Text fw={600}>{scanAllResultA}</Text>
        </Group>
        <Text className="why" data-testid="why">
          {sentence}
        </Text>
        {means !== sentence && (
          <Text size="sm" c="dimmed">
            {means}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {texts.by(visible(file.workflow.name), file.workflow.revision, file.status !== undefined)}
          {file.attempts > 1 && ` ${texts.attempts(file.attempts)}`}
          {file.rescanId && (
            <>
              {', '}
              <Anchor component={Link} href={`/rescans/${file.rescanId}`} size="sm" underline="always">
                {texts.ofRescan}
              </Anchor>
            </>
          )}
        </Text>
      </div>
      <NowAt file={file} />
      {file.state === 'InProgress' && (
        <Alert color="blue" p="xs" role="status">
          {texts.busy}
        </Alert>
      )}
    </Section>
  );
};
