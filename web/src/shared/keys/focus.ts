/**
 * Gives focus to the first element that matches, before what has it goes away: between a field that closes and the
 * list that takes over no key may be lost. What is drawn next may take that element too; then its successor gets it.
 */
export function giveFocus(selector: string): void {
  const focus = () => document.querySelector<HTMLElement>(selector)?.focus();
  focus();
  setTimeout(() => {
    if (document.activeElement === null || document.activeElement === document.body) focus();
  });
}
