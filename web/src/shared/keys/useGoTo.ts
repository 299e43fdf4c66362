import { useEffect } from 'react';
import { isTextField } from './keymap';
import { letterKeys } from './useKeys';

const patience = 1500;

/** `G` and then a letter or digit. The second key is waited for a second and a half; anything else ends the sequence. */
export function useGoTo(destinations: Record<string, () => void>): void {
  useEffect(() => {
    const never = Number.NEGATIVE_INFINITY;
    let since = never;
    const handle = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) return;
      if (!letterKeys.on() || document.querySelector('dialog[open]')) return;
      const key = event.key.toUpperCase();
      const go = event.timeStamp - since < patience ? destinations[key] : undefined;
      since = key === 'G' ? event.timeStamp : never;
      if (!go) return;
      event.preventDefault();
      event.stopPropagation();
      go();
    };
    // Before the lists' own letters: after G the next letter is a place.
    document.addEventListener('keydown', handle, true);
    return () => document.removeEventListener('keydown', handle, true);
  }, [destinations]);
}
