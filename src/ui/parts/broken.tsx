import { Button, Code, Stack, Text } from '@mantine/core';
import { Bug } from 'lucide-react';
import type { FallbackProps } from 'react-error-boundary';
import { words } from '../texts/words';
import { Empty } from './states';

/** What stands in the place of a screen that threw. */
export const Broken = ({ error, resetErrorBoundary }: FallbackProps) => (
  <div role="alert">
    <Empty
      Icon={Bug}
      title={words.broken}
      whole
      action={
        <Stack align="center" gap="sm">
          <Code>{error instanceof Error ? error.message : String(error)}</Code>
          <Button variant="default" onClick={resetErrorBoundary}>
            {words.retry}
          </Button>
        </Stack>
      }
    >
      <Text size="sm" component="span">
        {words.brokenHint}
      </Text>
    </Empty>
  </div>
);
