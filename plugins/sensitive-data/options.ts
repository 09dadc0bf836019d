import type { OwnPattern } from './own';

export const KINDS = ['cards', 'ssn', 'iban', 'emails', 'keys', 'secrets'] as const;
export type Kind = (typeof KINDS)[number];

export interface Options {
  kinds: Kind[];
  emailsFrom: number;
  patterns: OwnPattern[];
}
