import { Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import { useProgram } from '../data/program';
import { count } from '../parts/amounts';
import { looks, Tag } from '../parts/outcome';
import { Refused } from '../parts/states';
import { reprocessTexts as texts } from '../texts/reprocess';
import { detectionTexts, statusTexts } from '../texts/results';
import { kindsOf, toRequest, type Wish, whyNothing } from './wish';

/** A choice is counted when it rests. Milliseconds. */
const REST = 200;

/** How many files of which kind a wish would take. `settled` is false while that is for an earlier choice. */
export const usePreview = (scanId: string, wish: Wish) => {
  const { client } = useProgram();
  const { passwords: _, force: __, ...asked } = toRequest(wish);
  const key = JSON.stringify(asked);
  const [rested] = useDebouncedValue(key, REST);
  const query = useQuery({
    queryKey: ['preview', scanId, rested],
    queryFn: () =>
      parseResponse(client.scan[':id'].reprocess.preview.$post({ param: { id: scanId }, json: JSON.parse(rested) })),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  return { ...query, settled: rested === key && !query.isPlaceholderData && query.data !== undefined };
};

/** Says before anything starts what a rescan will take. */
export const PreviewPanel = ({ preview, wish }: { preview: ReturnType<typeof usePreview>; wish: Wish }) => {
  const { data, error, settled } = preview;
  if (error) return <Refused error={error} />;
  const kinds = data && kindsOf(data);
  return (
    <section className="preview" aria-live="polite" aria-busy={!settled}>
      <Text fw={600}>
        {data === undefined ? texts.counting : data.count === 0 ? texts.nothing : texts.will(data.count)}
      </Text>
      {data?.count === 0 && <Text size="sm">{whyNothing(wish)}</Text>}
      {kinds && data.count > 0 && (
        <Group gap={6} mt={6}>
          {kinds.statuses.map(([status, n]) => (
            <Tag key={status} {...looks[status]}>
              {statusTexts[status].label} {count(n)}
            </Tag>
          ))}
          {kinds.detections.map(([detection, n]) => (
            <Tag key={detection} tone="warn">
              {detectionTexts[detection].label} {count(n)}
            </Tag>
          ))}
        </Group>
      )}
    </section>
  );
};
