import { SearchX } from 'lucide-react';
import { Redirect, Route, Switch } from 'wouter';
import { Audit } from './audit/audit';
import { Dashboard } from './dashboard/dashboard';
import { Engines } from './engines/engines';
import { File } from './file/file';
import { Only } from './parts/only';
import { Empty } from './parts/states';
import { People } from './people/people';
import { Quarantine } from './quarantine/quarantine';
import { Quarantined } from './quarantine/quarantined';
import { Realtime } from './realtime/realtime';
import { Report } from './report/report';
import { Reports } from './report/reports';
import { Rescan } from './rescan/rescan';
import { Rescans } from './rescan/rescans';
import { Active } from './scans/active';
import { Settings } from './settings/settings';
import { Storages } from './storages/storages';
import { words } from './texts/words';
import { Workflow } from './workflows/workflow';
import { Workflows } from './workflows/workflows';

/** Which screen is at which address. */
export const Routes = () => (
  <Switch>
    <Route path="/" component={Dashboard} />
    <Route path="/signin">
      <Redirect to="/" replace />
    </Route>
    <Route path="/reports" component={Reports} />
    <Route path="/reports/:id" component={Report} />
    <Route path="/active" component={Active} />
    <Route path="/realtime" component={Realtime} />
    <Route path="/rescans" component={Rescans} />
    <Route path="/rescans/:id" component={Rescan} />
    <Route path="/files/:id" component={File} />
    <Route path="/quarantine" component={Quarantine} />
    <Route path="/quarantine/:id" component={Quarantined} />
    <Route path="/storages" component={Storages} />
    <Route path="/workflows" component={Workflows} />
    <Route path="/workflows/:id" component={Workflow} />
    <Route path="/engines" component={Engines} />
    <Route path="/setup">
      <Only whose="admin">{null}</Only>
    </Route>
    <Route path="/users">
      <Only whose="admin">
        <People />
      </Only>
    </Route>
    <Route path="/settings" component={Settings} />
    <Route path="/audit">
      <Only whose="admin">
        <Audit />
      </Only>
    </Route>
    <Route>
      <Empty Icon={SearchX} title={words.notFound} whole>
        {words.notFoundHint}
      </Empty>
    </Route>
  </Switch>
);
