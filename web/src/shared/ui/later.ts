import { type ComponentType, lazy, type LazyExoticComponent } from 'react';

const wait = 1500;

/**
 * A component whose code comes after the page's own: it is fetched when the page has come to rest, so that it is there
 * when a key opens it.
 */
export function later<P>(load: () => Promise<{ default: ComponentType<P> }>): LazyExoticComponent<ComponentType<P>> {
  addEventListener('load', () => setTimeout(() => void load().catch(() => undefined), wait), { once: true }); // asked for again when it is needed
  return lazy(load);
}
