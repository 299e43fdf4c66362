import '@fontsource-variable/atkinson-hyperlegible-next/wght.css';
import '@fontsource-variable/atkinson-hyperlegible-mono/wght.css';
import '../styles/theme.css';
import '@digdir/designsystemet-css';
import '../styles/base.css';
import '../styles/room.css';
import '../styles/records.css';
import '../styles/app.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { startLanguage } from '../shared/i18n/i18n';
import { MatrixContext } from '../shared/matrix/react';
import { MatrixStore } from '../shared/matrix/store';
import { ApiError } from '../shared/matrix/types';
import { StatusProvider } from '../shared/ui/Status';
import { App } from './App';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refused will be refused again; what didn't reach it may, unless there is no network at all.
      retry: (count, error) => !(error instanceof ApiError) && navigator.onLine && count < 2,
      // Without a network a page says so, and asks again when there is one.
      networkMode: 'always',
      refetchOnReconnect: true,
    },
    mutations: { networkMode: 'always' },
  },
});
const matrix = new MatrixStore();
matrix.subscribe(() => {
  if (!matrix.get().session) queries.clear();
});

await startLanguage();
matrix.start();
createRoot(document.getElementById('app') as HTMLElement).render(
  <QueryClientProvider client={queries}>
    <MatrixContext value={matrix}>
      <StatusProvider><App /></StatusProvider>
    </MatrixContext>
  </QueryClientProvider>,
);
