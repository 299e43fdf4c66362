import i18next, { type i18n } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Words } from '../api/types';
import type { Language } from '../format/dates';

const key = 'torg.language';

export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(key);
  if (chosen === 'sv' || chosen === 'en') return chosen;
  return navigator.languages.find((language) => /^(sv|en)\b/.test(language))?.startsWith('en') ? 'en' : 'sv';
}

async function load(language: Language) {
  const file = language === 'sv' ? await import('../../messages/sv.json') : await import('../../messages/en.json');
  return file.default;
}

/** One catalogue is fetched, the one in use; the server's own pages use the same two files. */
export async function startLanguage(): Promise<i18n> {
  const language = preferredLanguage();
  document.documentElement.lang = language;
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await load(language) } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  return i18next;
}

export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await load(language));
  }
  localStorage.setItem(key, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** Translation, the language and a reader for what the server says in both languages. */
export function useLanguage() {
  const { t, i18n: instance } = useTranslation();
  const language: Language = instance.language === 'en' ? 'en' : 'sv';
  const words = (value: Words | string | null | undefined): string =>
    typeof value === 'string' ? value : (value?.[language] ?? value?.sv ?? '');
  return { t, language, words };
}
