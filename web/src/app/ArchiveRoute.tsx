import { DisposalPage } from '../features/archive/DisposalPage';
import { DisposalRunPage } from '../features/archive/DisposalRunPage';
import { InformationPlanPage } from '../features/archive/plan/InformationPlanPage';
import { WeedPage } from '../features/archive/WeedPage';
import { paths } from '../shared/ui/router';

export default function ArchiveRoute({ path }: { path: string }) {
  if (path.startsWith(`${paths.disposal}/`)) return <DisposalRunPage id={decodeURIComponent(path.slice(paths.disposal.length + 1))} />;
  if (path === paths.informationPlan) return <InformationPlanPage />;
  return path === paths.disposal ? <DisposalPage /> : <WeedPage />;
}
