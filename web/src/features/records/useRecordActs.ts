import { useState } from 'react';
import { useApi } from '../../shared/api/client';
import { authoritiesWithRole, useMe } from '../../shared/api/me';
import type { RegisteredRecord } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import type { Binding } from '../../shared/keys/keymap';
import { useFaultText } from '../../shared/ui/Fault';
import { navigate, paths } from '../../shared/ui/router';
import { useSay } from '../../shared/ui/Status';
import { type Show, usePublish } from './api/record';
import { openForPaper } from './daybook';
import { caseKey } from './draft';

/** What one does with a record that is registered: its sheet on paper, its case, and its title on and off the web. */
export function useRecordActs(record: RegisteredRecord | undefined, onClose: () => void) {
  const { t, language } = useLanguage();
  const api = useApi();
  const me = useMe();
  const publish = usePublish();
  const say = useSay();
  const faultText = useFaultText();
  const [fault, setFault] = useState('');
  const registrar = record !== undefined && authoritiesWithRole(me, 'registrar').includes(record.authority);
  const mayMark = record !== undefined && (registrar || authoritiesWithRole(me, 'officer').includes(record.authority));
  const mayRelate = mayMark || (record !== undefined && authoritiesWithRole(me, 'archivist').includes(record.authority));
  const [relating, setRelating] = useState(false);
  const ofCase = record?.case ?? null;

  const attempt = (act: () => Promise<void>) => () => {
    setFault('');
    act().catch((error: unknown) => setFault(faultText(error)));
  };
  const show = (how: Show, said: string) => attempt(async () => {
    if (!record) return;
    await publish(record.id, how);
    say(said);
  });
  const print = attempt(async () => {
    if (!ofCase) return;
    const opened = await openForPaper(api, `cases/${encodeURIComponent(String(ofCase.id))}/daybook?view=names&lang=${language}`);
    if (!opened) setFault(t('done.popup'));
  });
  const toCase = () => {
    if (!ofCase) return;
    onClose();
    navigate(paths.case(ofCase.id));
  };
  const down = registrar && record.publication !== 'taken_down' && !record.disposed ? show('taken_down', t('check.taken')) : null;
  const online = registrar && record.publication !== 'full' && !record.disposed ? show('full', t('check.shown')) : null;
  const bindings: Binding[] = [
    ...(ofCase ? [{ keys: ['P'], label: t('keys.print'), run: print }, { keys: [caseKey(language)], label: t('keys.openCase'), run: toCase }] : []),
    ...(down ? [{ keys: ['D'], label: t('keys.takeDown'), run: down }] : []),
    ...(mayRelate ? [{ keys: ['R'], label: t('relation.add'), run: () => setRelating(true) }] : []),
    ...(online ? [{ keys: ['W'], label: t('keys.show'), run: online }] : []),
  ];
  return { bindings, fault, setFault, print: ofCase ? print : null, toCase: ofCase ? toCase : null, down, online, mayMark, mayRelate, relating, setRelating };
}

export type RecordActs = ReturnType<typeof useRecordActs>;
