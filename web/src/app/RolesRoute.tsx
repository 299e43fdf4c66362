import { RolesPage } from '../features/roles/RolesPage';

export default function RolesRoute() {
  return <RolesPage />;
}
