import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

/** The client's addresses all begin with `/app`; everything else belongs to the server's own pages. */
export function navigate(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  dispatchEvent(new PopStateEvent('popstate'));
}

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  return () => removeEventListener('popstate', listener);
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** What follows the question mark in the address: the part of a page that can be shared. */
export function useQueryString(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

export const paths = {
  rooms: '/app/rum',
  room: (id: string) => `/app/rum/${encodeURIComponent(id)}`,
  roomAt: (id: string, eventId: string) => `/app/rum/${encodeURIComponent(id)}#${eventId}`,
  plan: (id: string) => `/app/rum/${encodeURIComponent(id)}/plan`,
  desk: '/app/diarium',
  check: '/app/diarium/kontroll',
  manual: '/app/diarium/nytt',
  manualIn: (caseId: string | number) => `/app/diarium/nytt?arende=${encodeURIComponent(String(caseId))}`,
  find: '/app/diarium/sok',
  findBy: (query: string) => (query ? `/app/diarium/sok?${query}` : '/app/diarium/sok'),
  cases: '/app/arenden',
  case: (id: string | number) => `/app/arenden/${encodeURIComponent(String(id))}`,
  requests: '/app/diarium/begaran',
  weed: '/app/arkiv',
  disposal: '/app/arkiv/gallring',
  roles: '/app/roller',
  informationPlan: '/app/arkiv/plan',
  imports: '/app/arkiv/import',
  settings: '/app/arkiv/installningar',
  disposalRun: (id: string | number) => `/app/arkiv/gallring/${encodeURIComponent(String(id))}`,
};

/** A link inside the client: the page stays, the address and the view change. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
