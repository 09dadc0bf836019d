import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type AroundNavHandler, Route, Router, Switch } from 'wouter';
import { useProgram, useSession } from './data/program';
import { Loading } from './parts/states';
import { Routes } from './routes';
import { Setup } from './setup/setup';
import { Out } from './shell/out';
import { Shell } from './shell/shell';

/** The whole page: the sign-in, or the screens for the one who is signed in. */
export const App = () => {
  const { live, leaving } = useProgram();
  const queries = useQueryClient();
  const state = useSession();
  const isIn = state.status === 'in';
  useEffect(() => {
    if (!isIn) return;
    live.start();
    return () => {
      live.stop();
      // What one user saw is not for the next.
      queries.clear();
    };
  }, [isIn, live, queries]);

  if (state.status === 'starting') return <Loading />;
  if (state.status === 'out') return <Out because={state.because} />;
  const around: AroundNavHandler = (navigate, to, options) => {
    // Another filter is still the same screen.
    const stays = to.split(/[?#]/)[0] === location.pathname;
    if (stays || leaving.may()) navigate(to, options);
  };
  return (
    <Router aroundNav={around}>
      <Switch>
        {state.role === 'admin' && <Route path="/setup" component={Setup} />}
        <Route>
          <Shell>
            <Routes />
          </Shell>
        </Route>
      </Switch>
    </Router>
  );
};
