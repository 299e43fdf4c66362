import { type FormEvent, useId, useState } from 'react';
import { useDirectory } from '../../../shared/api/me';
import type { Mark, Secrecy } from '../../../shared/api/types';
import { dayOf, formatDate, formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { Button, IconButton } from '../../../shared/ui/Button';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { SecrecyChip } from '../../../shared/ui/SecrecyChip';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { type Marked, type Titles, useCaseSecrecy, useMarkOperations } from '../api/secrecy';
import { MarkingFields } from './SecrecyField';

interface Props {
  thing: Marked;
  /** A file's own marking, which its record has told; a case's is asked for. */
  own?: Secrecy | null;
  onClose: () => void;
}

/** Marks a case or a file, or ends its marking. Both are written beside what was; a marking decides nothing. */
export function MarkSheet({ thing, own, onClose }: Props) {
  const { t } = useLanguage();
  const id = useId();
  const known = useCaseSecrecy(thing);
  const ready = thing.kind === 'file' || known.data !== undefined;
  const current = thing.kind === 'file' ? own ?? null : known.data?.secrecy ?? null;
  return (
    <Sheet className="correct" labelledBy={id} onClose={onClose}>
      <div className="lift-head">
        <h2 id={id} className="grow" tabIndex={-1}>{t('secrecy.of', { name: thing.name })}</h2>
        <IconButton label={t('close')} icon="XMark" onClick={onClose} />
      </div>
      {known.isError && <div className="lift-right"><Fault error={known.error} onRetry={() => void known.refetch()} /></div>}
      {ready && <MarkForm key={current?.provision ?? ''} thing={thing} current={current} history={known.data?.history ?? []} onClose={onClose} />}
    </Sheet>
  );
}

function MarkForm({ thing, current, history, onClose }: { thing: Marked; current: Secrecy | null; history: Mark[]; onClose: () => void }) {
  const { t } = useLanguage();
  const { http } = useMatrix();
  const operations = useMarkOperations(thing);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [secrecy, setSecrecy] = useState<Secrecy>(current ?? { provision: '', day: dayOf(http.now()), note: '' });
  const [titles, setTitles] = useState<Titles>('check');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const attempt = async (act: () => Promise<void>, said: string) => {
    setBusy(true);
    setFault('');
    try {
      await act();
      say(said);
      onClose();
    } catch (error) {
      setFault(faultText(error));
      setBusy(false);
    }
  };
  const save = () => {
    if (!secrecy.provision.trim()) return setFault(t('problem.secrecyProvision'));
    void attempt(() => operations.mark(secrecy, thing.kind === 'case' ? titles : undefined), t('secrecy.marked'));
  };
  const onKeyDown = useKeys(t('secrecy.title'), [{ keys: ['Ctrl+Enter'], label: t('secrecy.save'), run: save, inText: true }]);
  return (
    <div className="correct-body" onKeyDown={onKeyDown}>
      <div className="lift-right stack">
        {current && <p><SecrecyChip marking={current} /></p>}
        <form className="stack tight" id={`${id}f`} onSubmit={(event: FormEvent) => { event.preventDefault(); save(); }} noValidate>
          <MarkingFields secrecy={secrecy} invalid={fault !== '' && !secrecy.provision.trim()} autoFocus onChange={setSecrecy} />
          <p className="small-text">{t(`secrecy.inherits_${thing.kind}`)}</p>
          {thing.kind === 'case' && (
            <fieldset className="plain">
              <legend>{t('secrecy.titles')}</legend>
              {(['check', 'keep'] as const).map((one) => (
                <label className="check" key={one}>
                  <input type="radio" className="ds-input" name={`${id}t`} checked={titles === one} onChange={() => setTitles(one)} />
                  <span>{t(`secrecy.titles_${one}`)}</span>
                </label>
              ))}
            </fieldset>
          )}
        </form>
        {fault && <p className="problem small-text" role="alert">{fault}</p>}
        {current && <EndMarking busy={busy} onEnd={(reason) => void attempt(() => operations.end(reason), t('secrecy.ended'))} />}
        <History history={history} />
      </div>
      <div className="lift-foot">
        <p>{t('secrecy.kept')}</p>
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" form={`${id}f`} icon="EyeObfuscated" keys={['Ctrl', '↵']} disabled={busy}>{t(current ? 'secrecy.change' : 'secrecy.save')}</Button>
      </div>
    </div>
  );
}

function EndMarking({ busy, onEnd }: { busy: boolean; onEnd: (reason: string) => void }) {
  const { t } = useLanguage();
  const id = useId();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const end = (event: FormEvent) => {
    event.preventDefault();
    setMissing(!reason.trim());
    if (reason.trim()) onEnd(reason.trim());
  };
  return (
    <form className="stack tight end-marking" onSubmit={end} noValidate>
      <label className="ds-label" htmlFor={`${id}r`}>{t('secrecy.why')}</label>
      <span className="row">
        <input className="ds-input grow" id={`${id}r`} value={reason} aria-invalid={missing && !reason.trim()} aria-describedby={`${id}m`} onChange={(event) => setReason(event.target.value)} />
        <Button small type="submit" variant="secondary" color="neutral" disabled={busy}>{t('secrecy.end')}</Button>
      </span>
      <p className="problem small-text" id={`${id}m`} role="alert">{missing && !reason.trim() && t('secrecy.whyMissing')}</p>
    </form>
  );
}

/** The markings there were, with who marked, who ended them and why. */
function History({ history }: { history: Mark[] }) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const directory = useDirectory();
  if (history.length === 0) return null;
  const name = (user: string | null) => directory.get(user ?? '')?.name ?? user ?? '';
  return (
    <section className="stack tight">
      <h3 className="card-title">{t('secrecy.history')}</h3>
      <ul className="stops">
        {history.map((one) => (
          <li key={one.at} className="bulk-line">
            <span>
              {[one.provision, formatDay(one.day, language), one.note].filter(Boolean).join(' · ')}
              <small>{t('secrecy.markedBy', { name: name(one.by), date: formatDate(one.at, language, http.now()) })}</small>
              {one.ended_at !== null && <small>{t('secrecy.endedBy', { name: name(one.ended_by), date: formatDate(one.ended_at, language, http.now()), reason: one.reason })}</small>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
