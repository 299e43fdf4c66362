const selector = '[data-region]';

/** Moves focus to the next (or previous) region of the page: rail, list, stream, composer, panel. */
export function cycleRegion(direction: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(selector)].filter((one) => one.offsetParent !== null);
  if (regions.length === 0) return;
  const current = document.activeElement?.closest<HTMLElement>(selector);
  const at = current ? regions.indexOf(current) : direction === 1 ? -1 : 0;
  const next = regions[(at + direction + regions.length) % regions.length];
  focusRegion(next);
}

/** Focus goes to what the region points out, else to its first stop. */
export function focusRegion(region: HTMLElement | null | undefined): void {
  if (!region) return;
  const stops = 'a[href], button:not([disabled]), textarea, input:not([disabled]), select, [tabindex="0"]';
  const target = region.querySelector<HTMLElement>('[data-region-focus]') ?? region.querySelector<HTMLElement>(stops);
  (target ?? region).focus();
}
