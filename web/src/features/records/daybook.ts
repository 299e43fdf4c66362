import type { RecordsApi } from '../../shared/api/client';

/**
 * Opens a page for paper in a window of its own and prints it. The page needs the token, so it is fetched first; its
 * addresses are made whole because a blob has no place of its own. The window is opened before anything is waited for:
 * browsers allow it only in answer to a key or a press.
 *
 * @return false when the browser stopped the window.
 */
export async function openForPaper(api: RecordsApi, path: string): Promise<boolean> {
  const opened = window.open('about:blank', '_blank');
  if (!opened) return false;
  try {
    const html = await (await api.blob(path)).text();
    const page = new DOMParser().parseFromString(html, 'text/html');
    for (const element of page.querySelectorAll('[href], [src]')) {
      for (const name of ['href', 'src']) {
        const value = element.getAttribute(name);
        if (value && !value.startsWith('#')) element.setAttribute(name, new URL(value, location.origin).href);
      }
    }
    const text = `<!doctype html>${page.documentElement.outerHTML}`;
    const address = URL.createObjectURL(new Blob([text], { type: 'text/html; charset=utf-8' }));
    opened.addEventListener('load', () => opened.print(), { once: true });
    opened.location.replace(address);
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return true;
  } catch (error) {
    opened.close();
    throw error;
  }
}
