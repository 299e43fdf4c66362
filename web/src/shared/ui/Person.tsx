import { AuthorityMark } from './AuthorityMark';

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return (words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : name.slice(0, 2)).toUpperCase();
}

/** A person's round with the mark of the authority she works for. Everyone is a colleague: no guests. */
export function Person({ name, mark, tiny }: { name: string; mark?: string; tiny?: boolean }) {
  return (
    <span className={`face ${tiny ? 'tiny' : ''}`} aria-hidden="true">
      {initials(name)}
      {mark !== undefined && <AuthorityMark mark={mark} />}
    </span>
  );
}
