import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { type Binding, isTextField, match } from './keymap';

interface Scope { id: string; title: string; bindings: Binding[] }

const scopes = new Map<string, Scope>();
const lettersKey = 'torg.letters';

/** The keys that work here and now, for the `?` list. */
export function activeScopes(): Scope[] {
  return [...scopes.values()];
}

export const letterKeys = {
  on: () => localStorage.getItem(lettersKey) !== 'off',
  set: (on: boolean) => localStorage.setItem(lettersKey, on ? 'on' : 'off'),
};

function useScope(title: string, bindings: Binding[]) {
  const id = useId();
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    scopes.set(id, { id, title, get bindings() { return latest.current; } });
    return () => void scopes.delete(id);
  }, [id, title]);
  return latest;
}

/** Keys that work while focus is inside the element that gets the returned handler: a list, a stream, a card. */
export function useKeys(title: string, bindings: Binding[]): (event: KeyboardEvent) => void {
  const latest = useScope(title, bindings);
  return (event) => {
    if (event.defaultPrevented) return;
    // A native control keeps its own keys: Enter and Space press the button that has focus.
    const onControl = event.target instanceof Element && event.target.closest('button, a, summary, [role="tab"]');
    if (onControl && (event.key === 'Enter' || event.key === ' ') && !event.ctrlKey) return;
    const where = { inText: isTextField(event.target), letters: letterKeys.on() };
    const binding = match(latest.current, event, where);
    if (!binding) return;
    event.preventDefault();
    event.stopPropagation();
    binding.run();
  };
}

/**
 * Keys that work everywhere on the page outside dialogs; with `within`, only while focus is in that part of it, which
 * single letters must have.
 */
export function useGlobalKeys(title: string, bindings: Binding[], within?: string): void {
  const latest = useScope(title, bindings);
  useEffect(() => {
    const handle = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      if (within && !(event.target instanceof Element && event.target.closest(within))) return;
      const where = { inText: isTextField(event.target), letters: letterKeys.on() };
      const binding = match(latest.current, event, where);
      if (!binding) return;
      event.preventDefault();
      binding.run();
    };
    document.addEventListener('keydown', handle);
    return () => document.removeEventListener('keydown', handle);
  }, [latest, within]);
}
