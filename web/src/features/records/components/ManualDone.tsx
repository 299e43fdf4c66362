import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import type { Authority, RegisteredRecord, Words } from '../../../shared/api/types';
import { formatDay, formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { Button } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { KeyHint } from '../../../shared/ui/KeyHint';
import { Link, navigate, paths } from '../../../shared/ui/router';
import { useSay } from '../../../shared/ui/Status';
import { usePublish } from '../api/record';
import { openForPaper } from '../daybook';
import { CorrectSheet } from './CorrectSheet';
import { EditLine } from './EditLine';
import { RenditionNote } from './RenditionNote';

interface Props {
  number: string;
  say: Words;
  record: RegisteredRecord;
  authority: Authority | undefined;
  onAnother: () => void;
}

/** The number, large, with how to say it; and what the web shows. */
export function ManualDone({ number, say: aloud, record, authority, onAnother }: Props) {
  const { t, language, words } = useLanguage();
  const api = useApi();
  const publish = usePublish();
  const say = useSay();
  const faultText = useFaultText();
  const card = useRef<HTMLDivElement>(null);
  const [fault, setFault] = useState('');
  const [down, setDown] = useState(false);
  const [correcting, setCorrecting] = useState(false);
  useEffect(() => card.current?.focus(), []);

  const copy = async () => {
    await navigator.clipboard.writeText(number);
    say(t('done.copied'));
  };
  const print = async () => {
    if (!record.case) return;
    try {
      const opened = await openForPaper(api, `cases/${encodeURIComponent(String(record.case.id))}/daybook?view=names&lang=${language}`);
      if (!opened) setFault(t('done.popup'));
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const takeDown = async () => {
    try {
      await publish(record.id, 'taken_down');
      setDown(true);
      say(t('done.takenDown'));
    } catch (error) {
      setFault(faultText(error));
    }
  };
  useGlobalKeys(t('manual.card'), [
    { keys: ['C'], label: t('keys.copy'), run: () => void copy() },
    { keys: ['P'], label: t('keys.print'), run: () => void print() },
    { keys: ['D'], label: t('keys.takeDown'), run: () => void takeDown() },
    { keys: ['Z'], label: t('keys.correct'), run: () => setCorrecting(true) },
    { keys: ['+'], label: t('keys.another'), run: onAnother },
    { keys: ['Escape'], label: t('keys.back'), run: () => navigate(paths.desk) },
  ], '.main');
  const party = record.direction === 'out' ? record.recipient : record.sender;
  const title = down || record.publication === 'taken_down' ? null : (record.public_title ?? (record.publication === 'full' ? record.title : null));
  return (
    <>
      <div className="desk-scroll" ref={card} tabIndex={-1} role="group" aria-label={t('manual.card')} data-region-focus="">
        <div className="number">
          <p className="row"><Icon name="SealCheckmark" /><span>{t('done.at', { time: formatTime(record.registered_at, language) })}</span></p>
          <p className="big num">{number}</p>
          <p className="small-text">{t('done.say', { say: words(aloud) })}</p>
        </div>
        {fault && <p className="problem small-text" role="alert">{fault}</p>}
        <div className="row wrap">
          <Button icon="Files" variant="secondary" small keys={['C']} onClick={() => void copy()}>{t('done.copy')}</Button>
          {record.case && <Button icon="PrinterSmall" variant="secondary" small keys={['P']} onClick={() => void print()}>{t('done.print')}</Button>}
        </div>
        <section className="stack tight">
          <div className="row between">
            <h2 className="card-title">{t('done.web')}</h2>
            {title && <Button icon="GlobeSlash" variant="tertiary" color="neutral" small keys={['D']} onClick={() => void takeDown()}>{t('done.takeDown')}</Button>}
          </div>
          <div className="webnow">
            {title ? <p><b>{title}</b></p> : <p className="quiet">{t('check.withheld')}</p>}
            <p className="small-text num">{[number, [t(`check.day_${record.direction}`, { day: formatDay(record.came_or_made_day, language) }), record.private_person ? t('done.privateParty') : ''].filter(Boolean).join(' '), words(authority?.name)].filter(Boolean).join(' · ')}</p>
          </div>
        </section>
        <dl className="editlines">
          <EditLine label={t(`field.day_${record.direction}`)} shown={<span className="num">{formatDay(record.came_or_made_day, language)}</span>} />
          {party && <EditLine label={t(record.direction === 'out' ? 'field.recipient' : 'field.sender')} shown={record.private_person ? <>{party}, {t('manual.private')} <span className="quiet">· {t('done.hidden')}</span></> : party} />}
          {record.case && <EditLine label={t('field.case')} shown={<Link href={paths.case(record.case.id)}><b className="num">{record.case.number}</b> {record.case.title}</Link>} />}
          <EditLine label={t('field.saved')} shown={<>{t('done.saved')} <RenditionNote rendition={record.rendition} /></>} />
        </dl>
        <p className="hint"><Icon name="InformationSquare" /><span>{t('done.clock')} <KeyHint keys={['Z']} /> {t('done.correct')}</span></p>
      </div>
      <div className="verdicts" role="group" aria-label={t('done.another')}>
        <Button icon="Plus" keys={['+']} onClick={onAnother}>{t('done.another')}</Button>
        <Button icon="ArrowLeft" variant="secondary" color="neutral" keys={['Esc']} onClick={() => navigate(paths.desk)}>{t('done.back')}</Button>
      </div>
      {correcting && <CorrectSheet recordId={record.id} onClose={() => setCorrecting(false)} />}
    </>
  );
}
