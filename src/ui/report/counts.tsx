import { UnstyledButton } from '@mantine/core';
import { Files } from 'lucide-react';
import type { StatusFilter } from '../../core/result';
import type { Scan } from '../data/client';
import { count } from '../parts/amounts';
import { looks } from '../parts/outcome';
import { reportTexts } from '../texts/report';
import { statusTexts } from '../texts/results';
import { type Filter, filterChoices, toggled } from './filter';

/** How many files of a scan have which status, as the filter by status takes them. */
export const countsOf = ({ counts }: Pick<Scan, 'counts'>): Record<StatusFilter, number> => ({
  Allowed: counts.allowed,
  Blocked: counts.blocked,
  Failed: counts.failed,
  FailedRemediation: counts.failedRemediation,
  Canceled: counts.canceled,
});

/** The counts of a report; each is a filter. Kinds of which there are none are left out, unless they are chosen. */
export const Counts = (props: { scan: Scan; filter: Filter; change: (filter: Filter) => void }) => {
  const { scan, filter, change } = props;
  const counts = countsOf(scan);
  const chosen = filter.status ?? [];
  const shown = filterChoices.statuses.filter(
    (status) => status === 'Allowed' || status === 'Blocked' || counts[status] > 0 || chosen.includes(status),
  );
  return (
    <fieldset className="counts plain" aria-label={reportTexts.filters}>
      <UnstyledButton
        className="count-filter"
        aria-pressed={chosen.length === 0}
        onClick={() => change({ ...filter, status: undefined })}
      >
        <b>{count(scan.counts.total)}</b>
        <span className="dim">
          <Files size={14} aria-hidden />
          {reportTexts.all}
        </span>
      </UnstyledButton>
      {shown.map((status) => {
        const { tone, Icon } = looks[status];
        return (
          <UnstyledButton
            key={status}
            className="count-filter"
            data-tone={tone}
            title={statusTexts[status].about}
            aria-pressed={chosen.includes(status)}
            onClick={() => change({ ...filter, status: toggled(chosen, status) })}
          >
            <b>{count(counts[status])}</b>
            <span className="tone-text">
              <Icon size={14} aria-hidden />
              {statusTexts[status].label}
            </span>
          </UnstyledButton>
        );
      })}
    </fieldset>
  );
};
