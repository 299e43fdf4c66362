/** Keys by what is printed on them; letters are compared without case, `Shift+` is said out. */
export interface Binding {
  /** `L`, `Shift+L`, `Ctrl+Enter`, `1`, `ArrowDown`. */
  keys: string[];
  /** What it does, in words, for the `?` list. */
  label: string;
  run: () => void;
  /** Works in text fields too; only for combinations that write nothing. */
  inText?: boolean;
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Names a key press the way bindings do; null when Alt is held, since Alt and AltGr belong to the browser and to letters. */
export function pressed(event: KeyPress): string | null {
  if (event.altKey) return null;
  const letter = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const isLetter = letter.length === 1 && letter !== event.key.toLowerCase();
  const shift = event.shiftKey && (isLetter || event.key.length > 1) ? 'Shift+' : '';
  const control = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  return `${control}${shift}${letter}`;
}

/** The binding for a key press. With `letters` off, single letters do nothing (WCAG 2.1.4). */
export function match(bindings: Binding[], event: KeyPress, where: { inText: boolean; letters: boolean }): Binding | null {
  const name = pressed(event);
  if (!name) return null;
  const single = /^(Shift\+)?\p{L}$/u.test(name);
  if (where.inText && !/^(Ctrl\+|F\d|Escape)/.test(name)) return null;
  if (single && !where.letters) return null;
  return bindings.find((one) => one.keys.includes(name) && (!where.inText || one.inText === true)) ?? null;
}

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
}

/** How a key is drawn: `Ctrl+Enter` as `Ctrl` `↵`. */
export function drawn(name: string): string[] {
  const names: Record<string, string> = {
    Enter: '↵', Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', ' ': '␣',
  };
  return name.split(/\+(?=.)/).map((part) => names[part] ?? part);
}
