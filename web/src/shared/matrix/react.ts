import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Room } from './rooms';
import type { MatrixStore, Snapshot } from './store';

export const MatrixContext = createContext<MatrixStore | null>(null);

export function useMatrix(): MatrixStore {
  const store = useContext(MatrixContext);
  if (!store) throw new Error('MatrixContext is missing');
  return store;
}

/** What `select` takes from the store; it must give the same value for the same snapshot. */
export function useMatrixValue<T>(select: (snapshot: Snapshot) => T): T {
  const store = useMatrix();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

export function useRoom(id: string | null): Room | undefined {
  return useMatrixValue((snapshot) => (id ? snapshot.rooms.get(id) : undefined));
}
