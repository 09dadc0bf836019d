import { SearchX } from 'lucide-react';
import { Route, Switch } from 'wouter';
import { Empty } from './parts/states';
import { Report } from './report/report';
import { Reports } from './report/reports';
import { words } from './texts/words';

/** Which screen is at which address. */
export const Routes = () => (
  <Switch>
    <Route path="/reports" component={Reports} />
    <Route path="/reports/:id" component={Report} />
    <Route>
      <Empty Icon={SearchX} title={words.notFound}>
        {words.notFoundHint}
      </Empty>
    </Route>
  </Switch>
);
