import { useState } from 'react';
import { Trans } from 'react-i18next';
import { formatCount, formatDate, formatTime } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import { Button } from '../../shared/ui/Button';
import { StateChip } from '../../shared/ui/chips';
import { Fault, useFaultText } from '../../shared/ui/Fault';
import { Icon } from '../../shared/ui/Icon';
import { NoticeBar } from '../../shared/ui/NoticeBar';
import { Link, paths } from '../../shared/ui/router';
import { useSay } from '../../shared/ui/Status';
import { Waiting } from '../../shared/ui/Waiting';
import { useArchiveOperations, useHolds, useWeeding, type Weeding } from './api';
import { ArchiveHead } from './ArchiveHead';

/** Weeding runs by itself: working material only, by the room's rule, with only the count in the log. */
export function WeedPage() {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const weeding = useWeeding();
  const operations = useArchiveOperations();
  const say = useSay();
  const faultText = useFaultText();
  const [notice, setNotice] = useState('');
  const attempt = async (act: () => Promise<string>) => {
    try {
      const text = await act();
      setNotice(text);
      say(text);
    } catch (error) {
      setNotice(faultText(error));
    }
  };
  const paused = weeding.data?.paused ?? false;
  const last = weeding.data?.runs[0];
  return (
    <main className="main" id="main">
      <NoticeBar />
      <ArchiveHead current="weeding" title={paused ? t('weed.paused') : t('weed.title')}>
        <Button
          variant="tertiary" color="neutral" small disabled={paused}
          onClick={() => void attempt(async () => {
            const count = await operations.weedNow();
            return count === 0 ? t('weed.nothing') : t('weed.done', { count });
          })}
        >{t('weed.run')}</Button>
        <Button variant="secondary" color="neutral" small onClick={() => void attempt(async () => { await operations.pause(!paused); return paused ? t('weed.title') : t('weed.paused'); })}>
          {paused ? t('weed.resume') : t('weed.pause')}
        </Button>
      </ArchiveHead>
      <div className="work narrow" tabIndex={0} role="region" aria-label={t('archive.weeding')} data-region="work" data-region-focus="">
        <p className="hint">
          <Icon name="InformationSquare" />
          <span><Trans i18nKey="weed.what" components={{ b: <b />, a: <Link href={paths.disposal} /> }} /></span>
        </p>
        {notice && <p role="status">{notice}</p>}
        <Waiting on={weeding.isPending} />
        {weeding.isError && <Fault error={weeding.error} onRetry={() => void weeding.refetch()} />}
        {weeding.data && <Tonight weeding={weeding.data} />}
        <ul className="stops">
          <li><Icon name="Checkmark" /><span>{t('weed.first')}<small>{t('weed.firstNote')}</small></span></li>
          <li><Icon name="Checkmark" /><span>{t('weed.logged')}{last && <small>{t('weed.last', { count: last.count, date: formatDate(last.at, language, http.now()) })}</small>}</span></li>
        </ul>
        <Holds />
      </div>
    </main>
  );
}

function Tonight({ weeding }: { weeding: Weeding }) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const lastOf = (room: string) => weeding.runs.find((run) => run.room_id === room);
  return (
    <section className="panel" aria-labelledby="tonight">
      <header><h2 id="tonight">{t('weed.tonight')}</h2>{weeding.next_run !== null && !weeding.paused && <span className="quiet num">{t('weed.next', { date: formatDate(weeding.next_run, language, http.now()), time: formatTime(weeding.next_run, language) })}</span>}</header>
      <div className="panel-body">
        <table className="tbl">
          <caption className="ds-sr-only">{t('weed.tonight')}</caption>
          <thead><tr><th scope="col">{t('weed.room')}</th><th scope="col">{t('weed.before')}</th><th scope="col" className="r">{t('weed.lastCount')}</th><th scope="col">{t('weed.state')}</th></tr></thead>
          <tbody>
            {weeding.rules.map((rule) => (
              <tr key={rule.room_id}>
                <td>{rule.room_name}<small>{rule.authority} · {t('weed.after', { count: rule.after_days })}</small></td>
                <td>{formatDate((weeding.next_run ?? http.now()) - rule.after_days * 86_400_000, language, http.now())}</td>
                <td className="num r">{formatCount(lastOf(rule.room_id)?.count ?? 0, language)}</td>
                <td><StateChip state="working" /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Holds beat everything, in weeding and in disposal alike. */
function Holds() {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const holds = useHolds();
  const operations = useArchiveOperations();
  const faultText = useFaultText();
  const [releasing, setReleasing] = useState<string | number | null>(null);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('');
  const open = (holds.data ?? []).filter((hold) => !hold.released_at);
  const release = async (id: string | number) => {
    try {
      await operations.releaseHold(id, reason);
      setReleasing(null);
      setReason('');
    } catch (error) {
      setFault(faultText(error));
    }
  };
  return (
    <section className="panel" aria-labelledby="holds">
      <header><h2 id="holds">{t('hold.title')}</h2></header>
      <div className="panel-body">
        {open.length === 0 && <p className="quiet">{t('hold.none')}</p>}
        <ul className="stops">
          {open.map((hold) => (
            <li key={hold.id}>
              <Icon name="PadlockLocked" /><span>{hold.reason}<small>{hold.authority} · {formatDate(hold.placed_at, language, http.now())}</small></span>
              {releasing === hold.id ? (
                <form className="row" onSubmit={(event) => { event.preventDefault(); if (reason.trim()) void release(hold.id); }}>
                  <label className="ds-sr-only" htmlFor="hold-reason">{t('hold.reason')}</label>
                  <input id="hold-reason" className="ds-input" autoFocus value={reason} placeholder={t('hold.reason')} onChange={(event) => setReason(event.target.value)} />
                  <Button small type="submit" disabled={!reason.trim()}>{t('hold.release')}</Button>
                </form>
              ) : <Button small variant="tertiary" onClick={() => setReleasing(hold.id)}>{t('hold.release')}</Button>}
            </li>
          ))}
        </ul>
        {fault && <p className="problem small-text" role="alert">{fault}</p>}
      </div>
    </section>
  );
}
