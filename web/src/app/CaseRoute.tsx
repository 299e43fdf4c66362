import { CasePage } from '../features/records/components/CasePage';
import { CasesPage } from '../features/records/components/CasesPage';
import { paths } from '../shared/ui/router';

export default function CaseRoute({ path }: { path: string }) {
  if (!path.startsWith(`${paths.cases}/`)) return <CasesPage />;
  const id = decodeURIComponent(path.slice(paths.cases.length + 1));
  return <CasePage key={id} id={id} />;
}
