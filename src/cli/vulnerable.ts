import type { InferResponseType } from 'hono/client';
import type { Client } from './daemon';
import { table } from './show';

type Result = InferResponseType<Client['api']['file'][':id']['$get'], 200>;
type Product = NonNullable<Result['scanResult']['vulnerabilityInfo']['result']>['detected_product'];

/** Vulnerabilities of a file that are shown; the worst come first. */
const SHOWN = 20;

const rowsOf = ({ product, version, vulnerabilities, places }: Product) =>
  vulnerabilities.map(({ id, severity, details, fixed_version }) => [
    `${product.name} ${version}`,
    details.cve || id,
    details.cvss === undefined ? severity : `${severity} ${details.cvss.score}`,
    fixed_version,
    places[0],
  ]);

/** The vulnerable software in a file, in lines for people; none where nothing was found. */
export const describeVulnerable = ({ scanResult }: Result): string[] => {
  const products = scanResult.vulnerabilityInfo.result?.detected_products ?? [];
  const total = products.reduce((sum, { vulnerability_count }) => sum + vulnerability_count, 0);
  if (total === 0) return [];
  const rows = products.flatMap(rowsOf).slice(0, SHOWN);
  const more = total - rows.length;
  return [
    '',
    table(['VULNERABLE', 'BY', 'SEVERITY', 'FIXED IN', 'LIES IN'], rows),
    ...(more > 0 ? [`and ${more} more; --json shows the worst of each`] : []),
  ];
};
