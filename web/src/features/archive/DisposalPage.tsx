import { type FormEvent, useId, useMemo, useState } from 'react';
import { authoritiesWithRole, useAuthorities, useMe } from '../../shared/api/me';
import { dayOf, formatCount } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useGlobalKeys } from '../../shared/keys/useKeys';
import { useMatrix } from '../../shared/matrix/react';
import { Button } from '../../shared/ui/Button';
import { Fault, useFaultText } from '../../shared/ui/Fault';
import { Link, navigate, paths } from '../../shared/ui/router';
import { useSay } from '../../shared/ui/Status';
import { Waiting } from '../../shared/ui/Waiting';
import { type DisposalPreview, type DisposalRequest, useArchiveOperations, useDisposals } from './api';
import { ArchiveHead } from './ArchiveHead';
import { Figures, Sample, Steps, Stopped } from './parts';
import { TwoKeys } from './TwoKeys';

/** Disposal: choose under a decision, look, send to a second person. Nothing is removed here. */
export function DisposalPage() {
  const { t } = useLanguage();
  const { http } = useMatrix();
  const me = useMe();
  const codes = useMemo(() => authoritiesWithRole(me, 'archivist'), [me]);
  const operations = useArchiveOperations();
  const say = useSay();
  const faultText = useFaultText();
  const [request, setRequest] = useState<DisposalRequest | null>(null);
  const [preview, setPreview] = useState<DisposalPreview | null>(null);
  const [fault, setFault] = useState('');

  const look = async (wanted: DisposalRequest) => {
    setFault('');
    try {
      setPreview(await operations.preview(wanted));
      setRequest(wanted);
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const send = async () => {
    if (!request) return;
    try {
      const ordered = await operations.order(request);
      say(t('disposal.sent'));
      navigate(paths.disposalRun(ordered.id));
    } catch (error) {
      setFault(faultText(error));
    }
  };
  useGlobalKeys(t('archive.disposal'), request ? [{ keys: ['S'], label: t('keys.sample'), run: () => void look(request) }] : [], '.work');

  return (
    <main className="main" id="main">
      <ArchiveHead current="disposal" title={t('disposal.title')}><Steps at={preview ? 'review' : 'choose'} /></ArchiveHead>
      <div className="work" tabIndex={0} role="region" aria-label={t('archive.disposal')} data-region="work" data-region-focus="">
        <Choose codes={codes} today={dayOf(http.now())} onLook={(wanted) => void look(wanted)} />
        {fault && <p className="problem" role="alert">{fault}</p>}
        {preview && (
          <>
            <Figures shown={preview} />
            <div className="cols">
              <div className="stack">
                <Stopped shown={preview} />
                <Sample sample={preview.sample} handling={request?.handling ?? 'kept_ordered'}>
                  <Button variant="tertiary" small icon="ArrowsCirclepath" keys={['S']} onClick={() => { if (request) void look(request); }}>{t('disposal.newSample')}</Button>
                </Sample>
              </div>
              <TwoKeys mine onSend={() => void send()} />
            </div>
          </>
        )}
        <Known />
      </div>
    </main>
  );
}

function Choose({ codes, today, onLook }: { codes: string[]; today: string; onLook: (request: DisposalRequest) => void }) {
  const { t, words } = useLanguage();
  const authorities = useAuthorities();
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onLook({
      authority: String(form.get('authority') ?? codes[0] ?? ''), decision: String(form.get('decision') ?? '').trim(),
      before_day: String(form.get('before') ?? ''), handling: form.get('handling') === 'trivial' ? 'trivial' : 'kept_ordered',
    });
  };
  return (
    <form className="panel choose" onSubmit={submit} aria-label={t('disposal.choose')}>
      <div className="ds-field">
        <label htmlFor={`${id}a`}>{t('disposal.authority')}</label>
        <select className="ds-input" id={`${id}a`} name="authority">
          {codes.map((code) => <option key={code} value={code}>{words(authorities.find((one) => one.code === code)?.name) || code}</option>)}
        </select>
      </div>
      <div className="ds-field">
        <label htmlFor={`${id}d`}>{t('disposal.decision')}</label>
        <input className="ds-input" id={`${id}d`} name="decision" required placeholder="GB 2026-07" />
      </div>
      <div className="ds-field">
        <label htmlFor={`${id}b`}>{t('disposal.before')}</label>
        <input className="ds-input" id={`${id}b`} name="before" type="date" required defaultValue={today} />
      </div>
      <div className="ds-field">
        <label htmlFor={`${id}h`}>{t('disposal.handling')}</label>
        <select className="ds-input" id={`${id}h`} name="handling">
          <option value="kept_ordered">{t('disposal.kept_ordered')}</option><option value="trivial">{t('disposal.trivial')}</option>
        </select>
      </div>
      <Button type="submit" variant="secondary">{t('disposal.preview')}</Button>
    </form>
  );
}

function Known() {
  const { t, language } = useLanguage();
  const disposals = useDisposals();
  return (
    <section className="panel" aria-labelledby="known">
      <header><h2 id="known">{t('disposal.list')}</h2></header>
      <div className="panel-body">
        <Waiting on={disposals.isPending} />
        {disposals.isError && <Fault error={disposals.error} onRetry={() => void disposals.refetch()} />}
        {disposals.data?.length === 0 && <p className="quiet">{t('disposal.none')}</p>}
        <ul className="stops plain-list">
          {disposals.data?.map((one) => (
            <li key={one.id}>
              <span>
                <Link href={paths.disposalRun(one.id)}>{one.decision}</Link>
                <small>{one.authority} · {t(`disposal.${one.handling}`)} · {formatCount(one.count, language)}</small>
              </span>
              <span className="chip">{one.state === 'done' ? t('disposal.finished') : t('disposal.waiting')}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
