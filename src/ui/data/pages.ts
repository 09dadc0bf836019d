import { infiniteQueryOptions, keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
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

export interface PagesOptions {
  limit?: number;
  /** What another key showed stays until this one's answer is there. */
  keeps?: boolean;
}

/** How a list is read page by page. */
export const pagesOf = <T>(key: QueryKey, read: (ask: PageAsk) => Promise<Page<T>>, { limit = 100 }: PagesOptions) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => read({ limit: String(limit), ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }: Page<T>) => nextCursor,
    // Pages that were read stay the very same by themselves; to compare all of them with each new one takes longer and longer.
    structuralSharing: false,
    // Who comes back to the window finds the list as it was left; what is new is told of.
    refetchOnWindowFocus: false,
  });

/** A list that is read page by page, as far as somebody scrolls. */
export const usePages = <T>(key: QueryKey, read: (ask: PageAsk) => Promise<Page<T>>, options: PagesOptions = {}) => {
  const placeholderData = options.keeps ? keepPreviousData : undefined;
  const query = useInfiniteQuery({ ...pagesOf(key, read, options), placeholderData });
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
