import { type FormEvent, useId, useState } from 'react';
import { dayOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { Button, IconButton } from '../../../shared/ui/Button';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { type PlanVersion, usePlanOperations, usePlanVersion } from './api';
import { Changes, Problems } from './PlanReportShown';

interface Props { authority: string; id: number; mayAdopt: boolean; onClose: () => void }

/** A version that waits: what adopting it changes, and the decision it is adopted by. */
export function VersionSheet({ authority, id: versionId, mayAdopt, onClose }: Props) {
  const { t } = useLanguage();
  const id = useId();
  const found = usePlanVersion(authority, versionId);
  return (
    <Sheet className="correct" labelledBy={id} onClose={onClose}>
      <div className="lift-head"><h2 id={id} className="grow" tabIndex={-1} data-first="">{t('infoPlan.waiting')}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
      <div className="lift-right stack">
        {found.isError && <Fault error={found.error} onRetry={() => void found.refetch()} />}
        {found.isPending && <p className="quiet" role="status">{t('infoPlan.fetching')}</p>}
        {found.data && found.data.problems.length > 0 && <Problems report={found.data} />}
        {found.data && <Changes report={found.data} />}
      </div>
      {found.data && mayAdopt && found.data.version.state === 'imported' && <Adopt authority={authority} version={found.data.version} onClose={onClose} />}
      {found.data && !mayAdopt && <div className="lift-foot"><p>{t('infoPlan.whoAdopts')}</p><Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('close')}</Button></div>}
    </Sheet>
  );
}

function Adopt({ authority, version, onClose }: { authority: string; version: PlanVersion; onClose: () => void }) {
  const { t } = useLanguage();
  const { http } = useMatrix();
  const operations = usePlanOperations(authority);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const today = dayOf(http.now());
  const [decision, setDecision] = useState('');
  const [day, setDay] = useState(version.valid_from < today ? today : version.valid_from);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const adopt = async () => {
    if (!decision.trim()) return setFault(t('infoPlan.decisionMissing'));
    setBusy(true);
    setFault('');
    try {
      await operations.adopt(version.id, decision.trim(), day);
      say(t('infoPlan.adoptedSaid'));
      onClose();
    } catch (error) {
      setFault(faultText(error));
      setBusy(false);
    }
  };
  const onKeyDown = useKeys(t('infoPlan.adopt'), [{ keys: ['Ctrl+Enter'], label: t('infoPlan.adopt'), run: () => void adopt(), inText: true }]);
  return (
    <form onSubmit={(event: FormEvent) => { event.preventDefault(); void adopt(); }} onKeyDown={onKeyDown} noValidate>
      <div className="lift-right stack">
        <div className="row wrap marking">
          <div className="ds-field">
            <label className="ds-label" htmlFor={`${id}d`}>{t('infoPlan.from')}</label>
            <input className="ds-input" id={`${id}d`} type="date" min={today} value={day} onChange={(event) => setDay(event.target.value)} />
          </div>
          <div className="ds-field grow">
            <label className="ds-label" htmlFor={`${id}b`}>{t('infoPlan.decision')}</label>
            <input className="ds-input" id={`${id}b`} value={decision} aria-invalid={fault !== '' && !decision.trim()} aria-describedby={`${id}p`} onChange={(event) => setDecision(event.target.value)} />
          </div>
        </div>
        <p className="problem small-text" id={`${id}p`} role="alert">{fault}</p>
      </div>
      <div className="lift-foot">
        <p>{t('infoPlan.adoptNote')}</p>
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" keys={['Ctrl', '↵']} disabled={busy}>{t('infoPlan.adopt')}</Button>
      </div>
    </form>
  );
}
