import { Group, Text, Title } from '@mantine/core';
import type { FileResult } from '../data/client';
import { Tag, type Tone } from '../parts/outcome';
import { Section } from '../parts/section';
import { Some } from '../parts/some';
import { visible } from '../parts/visible';
import { vulnerabilityTexts as texts } from '../texts/findings';

type Product = NonNullable<FileResult['scanResult']['vulnerabilityInfo']['result']>['detected_products'][number];
type Known = Product['vulnerabilities'][number];

const FIRST = 10;
const TONES: Record<string, Tone> = { CRITICAL: 'bad', IMPORTANT: 'bad', MODERATE: 'warn' };

const KnownItem = ({ known: { id, severity, description, details, fixed_version: fixed } }: { known: Known }) => {
  const names = details.cve === '' || details.cve === id ? [id] : [details.cve, id];
  return (
    <li className="known">
      <div>
        <Tag tone={TONES[severity]}>{texts.severities[severity] ?? visible(severity)}</Tag>
        {details.cvss && (
          <Text size="xs" c="dimmed" className="num score" title={visible(details.cvss.vector)} component="span">
            CVSS {details.cvss.score}
          </Text>
        )}
      </div>
      <div className="name">
        <Text size="sm" fw={500} component="div">
          {visible(names.join(' · '))}
        </Text>
        <Text size="sm" className="clamp" component="div">
          {visible(description)}
        </Text>
      </div>
      <Text size="sm" component="div" className="name" c={fixed ? undefined : 'dimmed'}>
        {fixed ? texts.fixed(visible(fixed)) : texts.notFixed}
      </Text>
    </li>
  );
};

const Software = ({ product }: { product: Product }) => {
  const left = product.vulnerability_count - product.vulnerabilities.length;
  return (
    <div className="group">
      <Group gap="sm">
        <Title order={3} className="name">
          {visible(product.product.name)} {visible(product.version)}
        </Title>
        <Text size="sm" c="dimmed" className="name">
          {visible([product.ecosystem, product.vendor.name].filter(Boolean).join(' · '))}
        </Text>
      </Group>
      {product.places.length > 0 && (
        <Text size="xs" c="dimmed" component="div" className="name">
          {texts.place}{' '}
          {product.places.map((place, i) => (
            <span key={place}>
              {i > 0 && ', '}
              <bdi className="mono">{visible(place)}</bdi>
            </span>
          ))}
        </Text>
      )}
      <ul className="plain">
        {product.vulnerabilities.map((known) => (
          <KnownItem key={known.id} known={known} />
        ))}
      </ul>
      {left > 0 && (
        <Text size="sm" c="dimmed" mt={6}>
          {texts.more(left)}
        </Text>
      )}
    </div>
  );
};

/** What software a file is, or holds, against which something is known: the worst first. */
export const Vulnerable = ({ products }: { products: Product[] }) => {
  const known = products.reduce((sum, { vulnerability_count: n }) => sum + n, 0);
  return (
    <Section
      title={texts.title}
      aside={
        <Text size="sm" c="dimmed" className="num">
          {texts.count(products.length, known)}
        </Text>
      }
    >
      <Some of={products} first={FIRST} all={texts.all}>
        {(shown) =>
          shown.map((product) => (
            <Software key={`${product.ecosystem} ${product.product.name} ${product.version}`} product={product} />
          ))
        }
      </Some>
    </Section>
  );
};
