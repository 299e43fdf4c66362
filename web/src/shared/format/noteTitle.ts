/** The title of a note from what was said, until someone writes a better one: its first sentence, at most 80 characters. */
export function noteTitle(prefix: string, said: string): string {
  const sentence = said.trim().split(/(?<=[.!?])\s|\n/)[0]?.replace(/[.!?]$/, '') ?? '';
  if (!sentence) return '';
  if (sentence.length <= 80) return `${prefix} ${sentence}`;
  return `${prefix} ${sentence.slice(0, 80).replace(/\s+\S*$/, '')} …`;
}
