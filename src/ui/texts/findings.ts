import { count, counted } from '../parts/amounts';

export const sensitiveTexts = {
  title: 'Sensitive data in it',
  found: (n: number) => `${count(n)} found`,
  leftOut: (n: number) =>
    `${counted(n, 'further find')}, none of them more certain, ${n === 1 ? 'is' : 'are'} not kept.`,
  slight: 'Less certain than the workflow asks for, so it does not count.',
  certainties: {
    'Very Low': 'Very low certainty',
    Low: 'Low certainty',
    Medium: 'Medium certainty',
    High: 'High certainty',
    'Very High': 'Very high certainty',
  },
  score: (score: number) => `${score} of 100`,
  place: 'In',
  all: (n: number) => `Show all ${count(n)}`,
};

export const vulnerabilityTexts = {
  title: 'Vulnerable software in it',
  count: (products: number, known: number) =>
    `${counted(products, 'product')}, ${counted(known, 'known vulnerability', 'known vulnerabilities')}`,
  place: 'In',
  fixed: (version: string) => `Fixed in ${version}`,
  notFixed: 'No fixed version is known',
  /** By the words of the published API. */
  severities: {
    CRITICAL: 'Critical',
    IMPORTANT: 'High',
    MODERATE: 'Medium',
    LOW: 'Low',
    NOT_AVAILABLE: 'Not rated',
  } as Record<string, string>,
  more: (n: number) => `${counted(n, 'further one')}, none of them more severe, ${n === 1 ? 'is' : 'are'} not kept.`,
  all: (n: number) => `Show all ${counted(n, 'product')}`,
};
