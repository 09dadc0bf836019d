import { SearchX } from 'lucide-react';
import { Redirect, Route, Switch } from 'wouter';
import { File } from './file/file';
import { Empty } from './parts/states';
import { Report } from './report/report';
import { Reports } from './report/reports';
import { Rescan } from './rescan/rescan';
import { Rescans } from './rescan/rescans';
import { Active } from './scans/active';
import { words } from './texts/words';

/** Which screen is at which address. */
export const Routes = () => (
  <Switch>
    <Route path="/">
      <Redirect to="/reports" replace />
    </Route>
    <Route path="/reports" component={Reports} />
    <Route path="/reports/:id" component={Report} />
    <Route path="/active" component={Active} />
    <Route path="/rescans" component={Rescans} />
    <Route path="/rescans/:id" component={Rescan} />
    <Route path="/files/:id" component={File} />
    <Route>
      <Empty Icon={SearchX} title={words.notFound} whole>
        {words.notFoundHint}
      </Empty>
    </Route>
  </Switch>
);
