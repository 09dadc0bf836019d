import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

export interface Page<T> {
  entries: T[];
  nextCursor: string | null;
  total: number;
}

export interface PageAsk {
  limit: string;
  cursor?: string;
}

interface PagesOptions {
  limit?: number;
  /** What another key showed stays until this one's answer is there. */
  keeps?: boolean;
}

/** A list that is read page by page, as far as somebody scrolls. */
export const usePages = <T>(
  key: QueryKey,
  read: (ask: PageAsk) => Promise<Page<T>>,
  { limit = 100, keeps = false }: PagesOptions = {},
) => {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read({ limit: String(limit), ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keeps ? keepPreviousData : undefined,
  });
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.entries), [query.data]);
  return { query, entries, total: query.data?.pages[0]?.total };
};

/** Every entry of a list that is short by its nature. */
export const readAll = async <T>(read: (ask: PageAsk) => Promise<Page<T>>): Promise<T[]> => {
  const all: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<T> = await read({ limit: '1000', ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.entries);
    cursor = page.nextCursor;
  }
  return all;
};
