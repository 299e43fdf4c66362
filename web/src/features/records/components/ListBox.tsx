import { type ReactNode, useEffect, useId, useRef } from 'react';

export interface ListGroup {
  id: string;
  title: string;
  rows: { id: string; content: ReactNode; selected?: boolean }[];
}

interface Props {
  label: string;
  groups: ListGroup[];
  current: string | null;
  multi?: boolean;
  onCurrent: (id: string) => void;
  /** Focus comes here when the page opens and after each verdict. */
  autoFocus?: boolean;
  /** The end of the list has come into view and there is more. */
  onEnd?: (() => void) | undefined;
}

/** A list box with one tab stop: focus stays on it and `aria-activedescendant` moves. */
export function ListBox({ label, groups, current, multi, onCurrent, autoFocus, onEnd }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (autoFocus) box.current?.focus();
  }, [autoFocus]);
  useEffect(() => {
    if (current) document.getElementById(`${id}${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, current]);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!end.current || !onEnd) return;
    const observer = new IntersectionObserver(([entry]) => { if (entry?.isIntersecting) onEnd(); });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [onEnd]);
  return (
    <div
      ref={box} className="queue" role="listbox" aria-label={label} tabIndex={0} data-region-focus="" id="queue"
      aria-activedescendant={current ? `${id}${current}` : undefined} aria-multiselectable={multi || undefined}
    >
      {groups.map((group) => (
        <div role="group" aria-labelledby={`${id}g${group.id}`} key={group.id}>
          <h2 id={`${id}g${group.id}`} role="presentation">{group.title}</h2>
          {group.rows.map((row) => (
            <div
              key={row.id} id={`${id}${row.id}`} role="option" className="q" data-current={row.id === current ? '' : undefined}
              aria-selected={multi ? (row.selected ?? false) || row.id === current : row.id === current}
              data-marked={row.selected ? '' : undefined} onClick={() => onCurrent(row.id)}
            >
              {row.content}
            </div>
          ))}
        </div>
      ))}
      {onEnd && <div ref={end} aria-hidden="true" />}
    </div>
  );
}
