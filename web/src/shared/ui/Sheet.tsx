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
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const element = dialog.current;
    if (!element) return;
    if (!element.open) element.showModal();
    element.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      if (element.open) element.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog} className={`sheet ${className}`} aria-labelledby={labelledBy} aria-label={label}
      onCancel={(event) => { event.preventDefault(); onClose(); }} onKeyDown={onKeyDown}
    >
      {children}
    </dialog>
  );
}
