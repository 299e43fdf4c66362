import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

interface SheetProps {
  labelledBy?: string;
  label?: string;
  className?: string;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}

/**
 * A native modal dialog. Focus starts at the element marked `data-first` (the first decision, never the close button)
 * and goes back to where it was when the dialog closes.
 */
export function Sheet({ labelledBy, label, className = '', onClose, onKeyDown, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const placed = useRef(false);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const element = dialog.current;
    if (!element) return;
    if (!element.open) element.showModal();
    return () => {
      if (element.open) element.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  // What is fetched first comes later; the first decision gets focus when it is there.
  useEffect(() => {
    const first = placed.current ? null : dialog.current?.querySelector<HTMLElement>('[data-first]');
    if (!first) return;
    placed.current = true;
    first.focus();
  });
  return (
    <dialog
      ref={dialog} className={`sheet ${className}`} aria-labelledby={labelledBy} aria-label={label}
      onCancel={(event) => { event.preventDefault(); onClose(); }} // A sheet on top of another keeps its keys to itself.
      onKeyDown={(event) => { onKeyDown?.(event); event.stopPropagation(); }}
    >
      {children}
    </dialog>
  );
}
