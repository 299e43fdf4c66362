import { DisposalPage } from '../features/archive/DisposalPage';
import { DisposalRunPage } from '../features/archive/DisposalRunPage';
import { ImportPage } from '../features/archive/imports/ImportPage';
import { InformationPlanPage } from '../features/archive/plan/InformationPlanPage';
import { SettingsPage } from '../features/archive/settings/SettingsPage';
import { WeedPage } from '../features/archive/WeedPage';
import { paths } from '../shared/ui/router';

export default function ArchiveRoute({ path }: { path: string }) {
  if (path.startsWith(`${paths.disposal}/`)) return <DisposalRunPage id={decodeURIComponent(path.slice(paths.disposal.length + 1))} />;
  if (path === paths.informationPlan) return <InformationPlanPage />;
  if (path === paths.imports) return <ImportPage />;
  if (path === paths.settings) return <SettingsPage />;
  return path === paths.disposal ? <DisposalPage /> : <WeedPage />;
}
