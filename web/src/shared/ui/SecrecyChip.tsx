import type { HoldingSecrecy, Secrecy } from '../api/types';
import { useLanguage } from '../i18n/i18n';
import { StateChip } from './chips';

/** One marking: its provision, and where it comes from when that is elsewhere. `at` is where the chip stands. */
export function SecrecyChip({ marking, at }: { marking: Secrecy | HoldingSecrecy; at?: HoldingSecrecy['from'] }) {
  const { t } = useLanguage();
  const from = 'from' in marking && marking.from !== at ? t(`secrecy.from_${marking.from}`) : '';
  return <StateChip state="secret">{[marking.note, marking.provision, from].filter(Boolean).join(' · ')}</StateChip>;
}

export function SecrecyChips({ markings, at }: { markings: HoldingSecrecy[] | undefined; at: HoldingSecrecy['from'] }) {
  return (markings ?? []).map((one) => <SecrecyChip key={`${one.from}${one.provision}${one.day}`} marking={one} at={at} />);
}
