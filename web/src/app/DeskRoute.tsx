import { lazy } from 'react';
import { CheckPage } from '../features/records/components/CheckPage';
import { DropZone } from '../features/records/components/DropZone';
import { ManualPage } from '../features/records/components/ManualPage';
import { QueuePage } from '../features/records/components/QueuePage';
import { RequestsPage } from '../features/records/components/RequestsPage';
import { droppedFile } from '../features/records/dropped';
import { navigate, paths } from '../shared/ui/router';

const RegisterPage = lazy(async () => ({ default: (await import('../features/records/search/RegisterPage')).RegisterPage }));

/** The registrar's desk. A file dropped anywhere on it opens manual entry with the file read. */
export default function DeskRoute({ path }: { path: string }) {
  if (path === paths.manual) return <ManualPage />;
  if (path === paths.find) return <RegisterPage />;
  const drop = (file: File) => {
    droppedFile.put(file);
    navigate(paths.manual);
  };
  return (
    <DropZone onFile={drop}>
      {path === paths.check ? <CheckPage /> : path === paths.requests ? <RequestsPage /> : <QueuePage />}
    </DropZone>
  );
}
