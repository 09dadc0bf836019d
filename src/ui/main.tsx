import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './page.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { createClient } from './data/client';
import { createLeaving } from './data/leaving';
import { createLive } from './data/live';
import { createNews } from './data/news';
import { ProgramProvider } from './data/program';
import { isRefusal } from './data/refusal';
import { createSession } from './data/session';
import { FocusKept } from './parts/focus-kept';
import { TimesProvider } from './parts/times';
import { theme } from './theme';

const nonce = document.querySelector<HTMLMetaElement>('meta[name=nonce]')?.content ?? '';
setNonce(nonce);

const session = createSession((input, init) => fetch(input, init));
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A browser that sees no network says nothing about the way to Assay, which may be this very computer.
      networkMode: 'always',
      // What was refused is refused again; what was not reached may be.
      retry: (failures, error) => failures < 2 && (!isRefusal(error) || error.status === 0 || error.status === 503),
    },
    mutations: { networkMode: 'always' },
  },
});
const news = createNews();
const program = {
  session,
  news,
  client: createClient(session, location.origin).api,
  live: createLive({ session, queries, news }),
  leaving: createLeaving((question) => confirm(question)),
};
void session.start();

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
    <QueryClientProvider client={queries}>
      <ProgramProvider value={program}>
        {/* Below dialogs, whose buttons they would cover. */}
        <Notifications position="bottom-right" zIndex={190} />
        <FocusKept />
        <TimesProvider>
          <App />
        </TimesProvider>
      </ProgramProvider>
    </QueryClientProvider>
  </MantineProvider>,
);
