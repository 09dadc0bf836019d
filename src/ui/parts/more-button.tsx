import { Button, Center } from '@mantine/core';
import { words } from '../texts/words';

export interface MoreQuery {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The way to the next page of a list. */
export const MoreButton = ({ query }: { query: MoreQuery }) =>
  query.hasNextPage && (
    <Center mt="md" className="more">
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {words.more}
      </Button>
    </Center>
  );
