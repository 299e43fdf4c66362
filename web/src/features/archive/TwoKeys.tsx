import { useState } from 'react';
import { Trans } from 'react-i18next';
import { useAuthority, useDirectory, useMe } from '../../shared/api/me';
import { useLanguage } from '../../shared/i18n/i18n';
import { Button } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { Person } from '../../shared/ui/Person';

interface Props {
  /** The signed-in person orders the disposal; otherwise she is the one to approve. */
  mine: boolean;
  requestedBy?: string;
  drawn?: boolean;
  onSend?: () => void;
  onDraw?: () => void;
  onApprove?: () => void;
}

/** Two persons, two keys: one orders, the other draws a sample of her own and approves. */
export function TwoKeys({ mine, requestedBy, drawn, onSend, onDraw, onApprove }: Props) {
  const { t } = useLanguage();
  const me = useMe();
  const directory = useDirectory();
  const authority = useAuthority(me?.authority);
  const [seen, setSeen] = useState(false);
  const [missing, setMissing] = useState(false);
  const first = mine && !requestedBy ? me?.name : (directory.get(requestedBy ?? '')?.name ?? requestedBy ?? '');
  const send = () => {
    setMissing(!seen);
    if (seen) onSend?.();
  };
  return (
    <section className="panel" aria-labelledby="two-keys">
      <header><h2 id="two-keys">{t('disposal.keys')}</h2></header>
      <div className="panel-body stack">
        <ul className="sign plain-list">
          <li><Person name={first ?? ''} mark={authority?.mark} /><span>{first}<small>{t('disposal.orders')}</small></span>{mine && <span className="chip">{t('disposal.you')}</span>}</li>
          {mine
            ? <li data-wait><span className="face" aria-hidden="true">?</span><span>{t('disposal.someone')}<small>{t('disposal.approves')}</small></span></li>
            : <li><Person name={me?.name ?? ''} mark={authority?.mark} /><span>{me?.name}<small>{t('disposal.approves')}</small></span><span className="chip">{t('disposal.you')}</span></li>}
        </ul>
        <p className="small-text"><Trans i18nKey="disposal.what" components={{ b: <b /> }} /></p>
        {onSend && (
          <>
            <label className="check"><input type="checkbox" className="ds-input" checked={seen} onChange={(event) => setSeen(event.target.checked)} /><span>{t('disposal.seen')}</span></label>
            {missing && <p className="problem small-text" role="alert">{t('disposal.seenMissing')}</p>}
            <Button icon="Paperplane" onClick={send}>{t('disposal.send')}</Button>
          </>
        )}
        {!mine && onApprove && (
          <>
            <Button variant={drawn ? 'secondary' : 'primary'} icon="ArrowsCirclepath" keys={['S']} onClick={onDraw}>{t('disposal.draw')}</Button>
            {!drawn && <p className="small-text quiet">{t('disposal.drawFirst')}</p>}
            {drawn && <Button icon="Checkmark" onClick={onApprove}>{t('disposal.approve')}</Button>}
          </>
        )}
        {mine && !onSend && <p className="small-text"><b>{t('disposal.other')}</b></p>}
        <p className="hint small-text"><Icon name="InformationSquare" /><span>{t('disposal.nothingYet')}</span></p>
      </div>
    </section>
  );
}
