import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from './fixtures/harness';

let t: TestApi;
beforeAll(async () => {
  t = await openTestApi();
});
afterAll(() => t.close());

interface Document {
  paths: Record<string, Record<string, { security?: unknown[]; summary?: string; responses: object }>>;
  components: { schemas: object; securitySchemes: object };
}

const load = async () => (await (await t.call('/api/openapi.json')).json()) as Document;

test('the document describes every route but the documentation itself', async () => {
  const { paths } = await load();
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  const routes = t.api.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  const left = [...new Set(routes)].filter((route) => !/ \/api\/(docs|openapi)/.test(route));
  expect(described.sort()).toEqual(left.sort());
});

test('each route has a summary, and says with what one signs in', async () => {
  const { paths, components } = await load();
  expect(Object.keys(components.securitySchemes)).toEqual(['Bearer', 'ApiKey']);
  for (const methods of Object.values(paths)) {
    for (const { summary } of Object.values(methods)) expect(summary).toBeTruthy();
  }
  expect(paths['/api/health']?.get?.security).toEqual([]);
  expect(paths['/api/scan']?.get?.security).toBeUndefined();
});

test('the page brings all that it needs: nothing is fetched from elsewhere', async () => {
  const page = await t.call('/api/docs');
  const html = await page.text();
  const sources = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, source]) => source ?? '');
  expect(sources).toEqual(['/api/docs/scalar.js', '/api/docs/start.js']);
  expect(html).not.toContain('://');
  const policy = page.headers.get('Content-Security-Policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self';");
  for (const source of sources) {
    const res = await t.call(source);
    expect(res.headers.get('Content-Type')).toStartWith('text/javascript');
    expect(res.headers.get('Cache-Control')).toContain('max-age');
    expect(await res.text()).toContain('createApiReference');
  }
});

test('the licenses of the fonts go where the fonts go', async () => {
  const text = await (await t.call('/api/docs/fonts.txt')).text();
  for (const word of ['Bitstream', 'SIL OPEN FONT LICENSE']) expect(text).toContain(word);
});
