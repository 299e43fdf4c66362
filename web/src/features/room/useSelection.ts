import { useState } from 'react';

/** Which post has focus and which are marked; both are forgotten when the room changes. */
export function useSelection(roomId: string) {
  const [state, setState] = useState({ roomId, focused: null as string | null, selected: new Set<string>() });
  const current = state.roomId === roomId ? state : { roomId, focused: null, selected: new Set<string>() };
  return {
    focused: current.focused,
    selected: current.selected as ReadonlySet<string>,
    focus: (id: string | null) => setState({ ...current, focused: id }),
    toggle: (id: string) => {
      const selected = new Set(current.selected);
      if (!selected.delete(id)) selected.add(id);
      setState({ ...current, selected });
    },
    add: (id: string) => setState({ ...current, focused: id, selected: new Set([...current.selected, id]) }),
    clear: () => setState({ ...current, selected: new Set() }),
  };
}

export const itemSelector = (id: string) => `[data-item="${CSS.escape(id)}"]`;

/** Moves focus to a post by its id. */
export function focusItem(id: string): void {
  const element = document.querySelector<HTMLElement>(itemSelector(id));
  element?.focus();
  element?.scrollIntoView({ block: 'nearest' });
}
