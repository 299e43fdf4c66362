import type { TFunction } from 'i18next';
import type { RefObject } from 'react';
import type { Binding } from '../../shared/keys/keymap';

/** `J` and `K` go through the links or buttons that open the rows of a table; Enter is their own. */
export function rowKeys(t: TFunction, table: RefObject<HTMLTableElement | null>): Binding[] {
  const step = (by: number) => {
    const stops = [...(table.current?.querySelectorAll<HTMLElement>('tbody a, tbody button') ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = at < 0 ? 0 : Math.min(stops.length - 1, Math.max(0, at + by));
    stops[next]?.focus();
  };
  return [
    { keys: ['J', 'ArrowDown'], label: t('keys.next'), run: () => step(1) },
    { keys: ['K', 'ArrowUp'], label: t('keys.previous'), run: () => step(-1) },
  ];
}
