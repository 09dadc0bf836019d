import scalar from '../../node_modules/@scalar/api-reference/dist/browser/standalone.js' with { type: 'file' };
import fonts from '../report/licenses.txt' with { type: 'file' };
import { createRouter } from './router';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Assay API</title>
</head>
<body>
<div id="app"></div>
<script src="/api/docs/scalar.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const START = `Scalar.createApiReference('#app', {
  url: '/api/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
});
`;

/** The page sets styles of its own and draws with data: images; it reaches nothing but this host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SCRIPT = { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'private, max-age=86400' };

/** The documentation page at /api/docs with all that it needs: no request leaves this host. */
export const createDocsRoutes = () =>
  createRouter()
    .get('/', (c) => c.html(PAGE, 200, { 'Content-Security-Policy': POLICY }))
    .get('/scalar.js', (c) => c.body(Bun.file(scalar).stream(), 200, SCRIPT))
    .get('/start.js', (c) => c.body(START, 200, SCRIPT))
    .get('/fonts.txt', (c) => c.body(Bun.file(fonts).stream(), 200, { 'Content-Type': 'text/plain; charset=utf-8' }));
