/** What the server says in both languages in one text, `English. / Svenska.`, in the one in use. */
export function inLanguage(text: string, language: 'sv' | 'en'): string {
  const [english = '', swedish] = text.split(' / ');
  return language === 'sv' ? (swedish ?? english) : english;
}
