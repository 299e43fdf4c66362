import { useState } from 'react';
import { formatCount, formatDay } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useGlobalKeys } from '../../shared/keys/useKeys';
import { useMatrixValue } from '../../shared/matrix/react';
import { Fault, useFaultText } from '../../shared/ui/Fault';
import { useSay } from '../../shared/ui/Status';
import { Waiting } from '../../shared/ui/Waiting';
import { type SampleLine, useArchiveOperations, useDisposal } from './api';
import { ArchiveHead } from './ArchiveHead';
import { Figures, Sample, Steps, Stopped } from './parts';
import { TwoKeys } from './TwoKeys';

/** One disposal: the second person draws a sample of her own before she can approve; then the proof. */
export function DisposalRunPage({ id }: { id: string }) {
  const { t, language } = useLanguage();
  const userId = useMatrixValue((snapshot) => snapshot.session?.userId ?? '');
  const disposal = useDisposal(id);
  const operations = useArchiveOperations();
  const say = useSay();
  const faultText = useFaultText();
  const [sample, setSample] = useState<SampleLine[] | null>(null);
  const [fault, setFault] = useState('');
  const attempt = async (act: () => Promise<void>) => {
    setFault('');
    try {
      await act();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const draw = () => void attempt(async () => setSample((await operations.sample(id)).sample));
  const approve = () => void attempt(async () => {
    const done = await operations.approve(id);
    if (done.certificate) say(t('disposal.done', { count: done.certificate.count, index: done.certificate.log_index }));
  });
  const data = disposal.data;
  const waiting = data?.state === 'waiting_for_approval';
  const mine = data?.proposed_by === userId;
  useGlobalKeys(t('archive.disposal'), waiting && !mine ? [{ keys: ['S'], label: t('keys.sample'), run: draw }] : [], '.work');
  return (
    <main className="main" id="main">
      <ArchiveHead current="disposal" title={data?.decision ?? ''}><Steps at={data?.state === 'done' ? 'proof' : 'two'} /></ArchiveHead>
      <div className="work" tabIndex={0} role="region" aria-label={t('archive.disposal')} data-region="work" data-region-focus="">
        <Waiting on={disposal.isPending} />
        {disposal.isError && <Fault error={disposal.error} onRetry={() => void disposal.refetch()} />}
        {fault && <p className="problem" role="alert">{fault}</p>}
        {data?.certificate && (
          <section className="panel" aria-labelledby="proof">
            <header><h2 id="proof">{t('disposal.proof')}</h2></header>
            <div className="panel-body"><p><b className="num">{data.certificate.number}</b></p><p>{t('disposal.done', { count: data.certificate.count, index: formatCount(data.certificate.log_index, language) })}</p></div>
          </section>
        )}
        {data && (
          <>
            <Figures shown={data} whole={data.rooms !== undefined} />
            <div className="cols">
              <div className="stack">
                <section className="panel">
                  <header><h2>{t('disposal.basis')}</h2></header>
                  <div className="panel-body">
                    <dl className="facts basis">
                      <dt>{t('disposal.decision')}</dt><dd>{data.decision}</dd>
                      <dt>{t('disposal.before')}</dt><dd>{formatDay(data.before_day, language)}</dd>
                      <dt>{t('disposal.handling')}</dt><dd>{t(`disposal.${data.handling}`)}</dd>
                    </dl>
                  </div>
                </section>
                <Stopped shown={data} />
                {(sample ?? data.sample) && <Sample sample={sample ?? data.sample ?? []} handling={data.handling} />}
              </div>
              {waiting && <TwoKeys mine={mine} requestedBy={data.proposed_by ?? undefined} drawn={sample !== null} onDraw={draw} onApprove={approve} />}
            </div>
          </>
        )}
      </div>
    </main>
  );
}
