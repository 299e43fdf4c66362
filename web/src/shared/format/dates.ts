/** Dates as people write them: *tisdag 24 november*, *09.14* in Swedish and *09:14* in English. */

export type Language = 'sv' | 'en';

const locale = (language: Language) => (language === 'sv' ? 'sv-SE' : 'en-GB');
const zone = 'Europe/Stockholm';

export function formatTime(at: number, language: Language): string {
  const text = new Intl.DateTimeFormat(locale(language), { hour: '2-digit', minute: '2-digit', timeZone: zone })
    .format(at);
  return language === 'sv' ? text.replace(':', '.') : text;
}

/** `24 november`, with the year when it isn't the year of `now`. */
export function formatDate(at: number, language: Language, now: number): string {
  const year = (time: number) => new Intl.DateTimeFormat('sv-SE', { year: 'numeric', timeZone: zone }).format(time);
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', timeZone: zone };
  if (year(at) !== year(now)) options.year = 'numeric';
  return new Intl.DateTimeFormat(locale(language), options).format(at);
}

export function formatWeekday(at: number, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone };
  const text = new Intl.DateTimeFormat(locale(language), options).format(at);
  return language === 'en' ? text.replace(',', '') : text;
}

/** The calendar day of a moment in the authority's zone: `2026-11-24`. */
export function dayOf(at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(at);
}

/** `24 november 2026` of `2026-11-24`; what isn't a day is given back as it is. */
export function formatDay(day: string, language: Language): string {
  const at = Date.parse(`${day}T12:00:00Z`);
  if (Number.isNaN(at)) return day;
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric', timeZone: zone };
  return new Intl.DateTimeFormat(locale(language), options).format(at);
}

/** `2026-11-24T08:12`, as a field for day and time wants it, in the authority's zone. */
export function localMoment(at: number): string {
  const time = new Intl.DateTimeFormat('sv-SE', { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(at);
  return `${dayOf(at)}T${time}`;
}

/** The moment that such a field names; null when it names none. */
export function momentOf(local: string): number | null {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return null;
  const offset = (at: number) => Date.parse(`${localMoment(at)}Z`) - Math.floor(at / 60_000) * 60_000;
  // Twice: the first guess may lie on the other side of a change to summer time.
  const guess = wall - offset(wall);
  return wall - offset(guess);
}

export type DayDistance = 'today' | 'yesterday' | 'other';

export function dayDistance(at: number, now: number): DayDistance {
  if (dayOf(at) === dayOf(now)) return 'today';
  return dayOf(at) === dayOf(now - 86_400_000) ? 'yesterday' : 'other';
}

/** `240 kB`, `3,1 MB`: powers of a thousand, as file managers show them. */
export function formatSize(bytes: number, language: Language): string {
  const units = ['byte', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 1 && value < 100 ? 1 : 0;
  return `${new Intl.NumberFormat(locale(language), { maximumFractionDigits: digits }).format(value)} ${units[unit]}`;
}

export function formatCount(value: number, language: Language): string {
  return new Intl.NumberFormat(locale(language)).format(value);
}
