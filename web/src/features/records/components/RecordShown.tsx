import { useState } from 'react';
import { useApi } from '../../../shared/api/client';
import { useDirectory } from '../../../shared/api/me';
import type { RecordFile, RegisteredRecord } from '../../../shared/api/types';
import { formatDate, formatSize } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Button, IconButton } from '../../../shared/ui/Button';
import { StateChip } from '../../../shared/ui/chips';
import { useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { SecrecyChips } from '../../../shared/ui/SecrecyChip';
import { saveBlob } from '../../../shared/ui/saveBlob';
import { caseKey } from '../draft';
import { correctedText, publicView } from '../public';
import type { RecordActs } from '../useRecordActs';
import { Relations } from './Relations';
import { MarkSheet } from './MarkSheet';
import { RenditionNote } from './RenditionNote';

/** The record: its files, what the web shows of it now, and every wording it has had. */
export function RecordShown({ record, acts }: { record: RegisteredRecord; acts: RecordActs }) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const api = useApi();
  const directory = useDirectory();
  const faultText = useFaultText();
  const [marked, setMarked] = useState<RecordFile | null>(null);
  const shown = publicView(record, t);
  const open = async (url: string, name: string) => {
    try {
      saveBlob(await api.blob(url), name);
    } catch (error) {
      acts.setFault(faultText(error));
    }
  };
  return (
    <div className="lift-right record-shown">
      <p><b>{record.title}</b></p>
      <div className="row wrap" role="group" aria-label={t('record.tools')}>
        {acts.print && <Button variant="secondary" small icon="PrinterSmall" keys={['P']} onClick={acts.print}>{t('record.daybook')}</Button>}
        {acts.toCase && <Button variant="secondary" small icon="Folder" keys={[caseKey(language)]} onClick={acts.toCase}>{t('record.case')}</Button>}
        {acts.online && <Button variant="secondary" color="neutral" small icon="Globe" keys={['W']} onClick={acts.online}>{t('record.show')}</Button>}
        {acts.down && <Button variant="secondary" color="neutral" small icon="GlobeSlash" keys={['D']} onClick={acts.down}>{t('record.down')}</Button>}
      </div>
      {acts.fault && <p className="problem small-text" role="alert">{acts.fault}</p>}
      {(record.secrecy_shown ?? []).length > 0 && (
        <section className="stack tight">
          <h3 className="card-title">{t('secrecy.title')}</h3>
          <p className="row wrap"><SecrecyChips markings={record.secrecy_shown} at="record" /></p>
          <p className="small-text quiet">{t('secrecy.notDecision')}</p>
        </section>
      )}
      <section className="stack tight">
        <h3 className="card-title">{t('record.onWeb')}</h3>
        <div className="webnow" data-publication={record.publication}>
          {shown.title ? <p><b>{shown.title}</b></p> : <p className="quiet">{t(record.publication === 'taken_down' ? 'record.isDown' : 'check.withheld')}</p>}
          <p className="small-text num">{[record.number, shown.party].filter(Boolean).join(' · ')}</p>
          {record.publication !== 'full' && <p><StateChip state={record.publication === 'waiting' ? 'web' : record.publication === 'taken_down' ? 'down' : 'number'} /></p>}
        </div>
      </section>
      <ul className="stops">
        {record.files.map((file) => (
          <li key={file.n}><span>{t(`file.${file.role}`, { defaultValue: file.role })}</span>
            <span className="stack tight">
              <button type="button" className="ds-link" onClick={() => void open(file.url, file.name)}>{file.name}</button>
              <small>{formatSize(file.size, language)}</small>
              {file.secrecy_shown?.some((one) => one.from === 'file') && <span className="row wrap"><SecrecyChips markings={file.secrecy_shown.filter((one) => one.from === 'file')} at="file" /></span>}
            </span>
            {acts.mayMark && <IconButton label={t('secrecy.markFile', { name: file.name })} icon="EyeObfuscated" onClick={() => setMarked(file)} />}</li>
        ))}
      </ul>
      {record.handed_over && <p className="hint"><Icon name="PadlockLocked" /><span>{words(record.handed_over.statement)}</span></p>}
      <RenditionNote rendition={record.rendition} whole />
      <Relations of="records" id={record.id} relations={record.relations ?? []} may={acts.mayRelate} adding={acts.relating} onAdding={acts.setRelating} />
      {record.corrections.map((one) => (
        <p className="small-text" key={`${one.at}${one.field}`}>
          {t('correct.was', { field: t(`field.${one.field}`, { defaultValue: one.field }), from: correctedText(one.field, one.from), to: correctedText(one.field, one.to), date: formatDate(one.at, language, http.now()), reason: one.reason })}{' '}
          <span className="quiet">{t('record.changed', { date: formatDate(one.at, language, http.now()), name: directory.get(one.by)?.name ?? one.by })}</span>
        </p>
      ))}
      {marked && (
        <MarkSheet
          thing={{ kind: 'file', record: record.id, n: marked.n, name: marked.name }}
          own={marked.secrecy_shown?.find((one) => one.from === 'file') ?? null} onClose={() => setMarked(null)}
        />
      )}
    </div>
  );
}
