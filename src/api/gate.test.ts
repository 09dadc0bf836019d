import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Role } from '../core/user';
import { openTestApi, type TestApi } from './fixtures/harness';
import { OPEN_PATHS } from './gate';

let t: TestApi;
beforeAll(async () => {
  t = await openTestApi({ allowedHosts: ['Assay.example'] });
});
afterAll(() => t.close());

/** Every route with the least role that may use it; a new route must be added here. */
const ROLES: Record<string, Role | 'anybody'> = {
  'POST /api/user/authenticate': 'anybody',
  'POST /api/user/refreshToken': 'anybody',
  'POST /api/user/logout': 'anybody',
  'POST /api/session': 'anybody',
  'GET /api/session/setup': 'anybody',
  'POST /api/session/renew': 'anybody',
  'POST /api/session/password': 'anybody',
  'DELETE /api/session': 'anybody',
  'GET /api/user': 'admin',
  'POST /api/user': 'admin',
  'PATCH /api/user/:id': 'admin',
  'DELETE /api/user/:id': 'admin',
  'GET /api/apikey': 'admin',
  'POST /api/apikey': 'admin',
  'DELETE /api/apikey/:id': 'admin',
  'GET /api/audit': 'admin',
  'GET /api/storage': 'viewer',
  'POST /api/storage': 'admin',
  'GET /api/storage/:id': 'viewer',
  'PATCH /api/storage/:id': 'admin',
  'DELETE /api/storage/:id': 'admin',
  'POST /api/storage/:id/test': 'operator',
  'GET /api/workflow': 'viewer',
  'POST /api/workflow': 'admin',
  'GET /api/workflow/:id': 'viewer',
  'PATCH /api/workflow/:id': 'admin',
  'DELETE /api/workflow/:id': 'admin',
  'GET /api/workflow/:id/reports': 'viewer',
  'GET /api/workflow/:id/revisions': 'viewer',
  'POST /api/scan': 'operator',
  'GET /api/scan': 'viewer',
  'GET /api/scan/:id': 'viewer',
  'GET /api/scan/:id/files': 'viewer',
  'GET /api/scan/:id/report': 'viewer',
  'POST /api/scan/:id/pause': 'operator',
  'POST /api/scan/:id/resume': 'operator',
  'POST /api/scan/:id/cancel': 'operator',
  'GET /api/file': 'viewer',
  'POST /api/scan/:id/reprocess': 'operator',
  'POST /api/scan/:id/reprocess/preview': 'operator',
  'GET /api/rescan': 'viewer',
  'GET /api/rescan/:id/files': 'viewer',
  'POST /api/rescan/:id/pause': 'operator',
  'POST /api/rescan/:id/resume': 'operator',
  'POST /api/rescan/:id/cancel': 'operator',
  'GET /api/file/:id': 'viewer',
  'GET /api/file/:id/history': 'viewer',
  'GET /api/file/:id/members': 'viewer',
  'POST /api/file/ondemandscan': 'operator',
  'POST /api/file/process': 'operator',
  'GET /api/rescan/:id': 'viewer',
  'GET /api/realtime': 'viewer',
  'POST /api/realtime': 'operator',
  'DELETE /api/realtime/:scanId': 'operator',
  'GET /api/quarantine': 'viewer',
  'GET /api/quarantine/:id': 'viewer',
  'POST /api/quarantine/:id/restore': 'admin',
  'DELETE /api/quarantine/:id': 'admin',
  'POST /api/quarantine/purge': 'admin',
  'POST /api/webhook/realtime': 'operator',
  'GET /api/engine': 'viewer',
  'POST /api/engine/:id/reload': 'admin',
  'GET /api/events': 'viewer',
  'GET /api/health': 'anybody',
  'GET /metrics': 'viewer',
  'GET /api/docs': 'anybody',
  'GET /api/docs/scalar.js': 'anybody',
  'GET /api/docs/fonts.txt': 'anybody',
  'GET /api/docs/start.js': 'anybody',
  'GET /api/openapi.json': 'anybody',
};

const RANKS = ['viewer', 'operator', 'admin'] as const;

const routes = () => [...new Set(t.api.routes.filter((r) => r.method !== 'ALL').map((r) => `${r.method} ${r.path}`))];

const ask = async (route: string, as?: Role) => {
  const [method = '', path = ''] = route.split(' ');
  const res = await t.call(path.replace(/:id|:scanId/, 'unknown'), { method, as });
  await res.body?.cancel();
  return res.status;
};

test('each route is in the table of roles', () => {
  expect(routes().sort()).toEqual(Object.keys(ROLES).sort());
});

test('without credentials, every route but the open ones answers 401', async () => {
  for (const route of routes()) {
    // Its credentials are the cookie, which is not there.
    if (route === 'POST /api/session/renew') continue;
    const open = OPEN_PATHS.includes(route.split(' ')[1] ?? '');
    const status = await ask(route);
    expect([route, status === 401]).toEqual([route, !open]);
  }
});

test('a path under /api that does not exist tells nothing to those who are not signed in', async () => {
  expect((await t.call('/api/unknown')).status).toBe(401);
  expect((await t.call('/api/unknown', { as: 'viewer' })).status).toBe(404);
});

describe('the role matrix', () => {
  for (const role of RANKS) {
    test(`a ${role} gets where the table says, and nowhere else`, async () => {
      for (const [route, least] of Object.entries(ROLES)) {
        const may = least === 'anybody' || RANKS.indexOf(role) >= RANKS.indexOf(least);
        const status = await ask(route, role);
        expect([route, status === 403]).toEqual([route, !may]);
        // Of an open route, 401 can be the answer to what it was given: no cookie, say.
        if (least !== 'anybody') expect([route, status]).not.toEqual([route, 401]);
      }
    });
  }
});

test('what comes over the socket is this host itself, whatever else it says', async () => {
  const res = await t.call('/api/user', { env: { socket: true }, headers: { Host: 'whatever', ApiKey: 'wrong' } });
  expect(res.status).toBe(200);
});

test.each([{ socket: false }, { socket: 'true' as unknown as boolean }, {}])('%p is no socket', async (env) => {
  expect((await t.call('/api/user', { env })).status).toBe(401);
});

test.each(['localhost', 'localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'LOCALHOST', 'assay.example:443'])(
  'the host name %s is answered',
  async (Host) => {
    expect((await t.call('/api/health', { headers: { Host } })).status).toBe(200);
  },
);

test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8787', 'evil.example:localhost', ''])(
  'the host name "%s" is refused, also where no credentials are needed',
  async (Host) => {
    const res = await t.call('/api/health', { headers: { Host } });
    expect(res.status).toBe(403);
    expect(await res.json()).toMatchObject({ responseKey: 'FORBIDDEN' });
  },
);

test('answers and errors are not cached and say how a browser must treat them', async () => {
  for (const path of ['/api/health', '/api/scan', '/nowhere']) {
    const { headers } = await t.call(path);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  }
});
