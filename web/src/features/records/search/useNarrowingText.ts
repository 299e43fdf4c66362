import { useAuthorities, useDirectory } from '../../../shared/api/me';
import { formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useCaseName } from './api';
import type { Narrowing, RegisterQuery } from './query';

/** A narrowing in words. */
export function useNarrowingText(query: RegisterQuery): (one: Narrowing) => string {
  const { t, language, words } = useLanguage();
  const authorities = useAuthorities();
  const directory = useDirectory();
  const ofCase = useCaseName(query.case);
  return ({ name, value }) => {
    switch (name) {
      case 'authority': return words(authorities.find((one) => one.code === value)?.name) || value;
      case 'from': return t('search.fromDay', { day: formatDay(value, language) });
      case 'to': return t('search.toDay', { day: formatDay(value, language) });
      case 'direction': return t(`direction.short_${value}`);
      case 'type': return value;
      case 'case': return ofCase ? ofCase.number : t('search.case');
      case 'officer': return t('search.officerOf', { name: directory.get(value)?.name ?? value });
      case 'status': return t(`search.status_${value}`);
    }
  };
}
