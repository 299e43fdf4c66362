import { useEffect, useMemo, useRef, useState } from 'react';
import { authoritiesWithRole, useAuthorities, useMe } from '../../../shared/api/me';
import { formatCount } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { Button } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { Link, paths } from '../../../shared/ui/router';
import { useSay } from '../../../shared/ui/Status';
import '../../../styles/register.css';
import { ArchiveHead } from '../ArchiveHead';
import { type ImportReport, useImportList } from './api';
import { ImportLines } from './ImportLines';

const columns = ['case', 'caseTitle', 'opened', 'closed', 'number', 'title', 'internal', 'way', 'sender', 'recipient', 'day', 'type', 'class', 'secrecy', 'private'] as const;

/** An older register brought along: a list is chosen, looked through line by line, and only then written. */
export function ImportPage() {
  const { t, words } = useLanguage();
  const me = useMe();
  const authorities = useAuthorities();
  const codes = useMemo(() => [...new Set((['archivist', 'registrar'] as const).flatMap((role) => authoritiesWithRole(me, role)))].sort(), [me]);
  const [chosen, setChosen] = useState<string | null>(null);
  const authority = chosen ?? (me?.authority && codes.includes(me.authority) ? me.authority : codes[0]) ?? '';
  const takeIn = useImportList();
  const say = useSay();
  const faultText = useFaultText();
  const input = useRef<HTMLInputElement>(null);
  const outcome = useRef<HTMLElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<ImportReport | null>(null);
  const [busy, setBusy] = useState<'looking' | 'writing' | null>(null);
  const [fault, setFault] = useState('');
  // A new field for each list: the same file, put right, may be chosen again.
  const [turn, setTurn] = useState(0);
  const mayWrite = report !== null && !report.written && report.refused === 0 && report.new > 0;

  const run = async (code: string, list: File, write: boolean) => {
    setBusy(write ? 'writing' : 'looking');
    setFault('');
    if (!write) setReport(null);
    try {
      const answer = await takeIn(code, list, write);
      setReport(answer);
      say(answer.written ? t('imports.done', { count: answer.new }) : t('imports.looked', { fresh: answer.new, there: answer.there, refused: answer.refused }));
    } catch (error) {
      setFault(faultText(error));
      input.current?.focus();
    }
    setBusy(null);
  };
  const choose = (list: File | undefined) => {
    if (!list) return;
    setFile(list);
    setTurn(turn + 1);
    void run(authority, list, false);
  };
  const write = () => { if (file && mayWrite && !busy) void run(authority, file, true); };
  // What came of it is where one reads on.
  useEffect(() => { if (report) outcome.current?.focus(); }, [report]);
  useEffect(() => input.current?.focus(), []);
  useGlobalKeys(t('imports.title'), [
    { keys: ['Ctrl+Enter'], label: t('imports.write'), run: write, inText: true },
    { keys: ['+'], label: t('imports.choose'), run: () => input.current?.click() },
  ], '.main');
  return (
    <main className="main" id="main">
      <ArchiveHead current="imports" title={t('imports.title')}>
        {codes.length > 1 && (
          <span className="ds-field">
            <label className="ds-sr-only" htmlFor="import-authority">{t('imports.authority')}</label>
            <select className="ds-input" id="import-authority" value={authority} onChange={(event) => { setChosen(event.target.value); if (file) void run(event.target.value, file, false); }}>
              {codes.map((code) => <option key={code} value={code}>{words(authorities.find((one) => one.code === code)?.name) || code}</option>)}
            </select>
          </span>
        )}
      </ArchiveHead>
      <div
        className="work" tabIndex={0} role="region" aria-label={t('imports.title')} data-region="work"
        onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); choose(event.dataTransfer.files[0]); }}
      >
        <section className="panel import-choose" aria-labelledby="import-file-title">
          <header><h2 id="import-file-title">{t('imports.list')}</h2></header>
          <div className="panel-body stack">
            <p>{t('imports.what')}</p>
            <div className="ds-field">
              <label className="ds-label" htmlFor="import-file">{t('imports.file')}</label>
              <input
                key={turn} ref={input} className="ds-input" id="import-file" type="file" accept=".csv,text/csv" data-region-focus="" onChange={(event) => choose(event.target.files?.[0])}
                onKeyDown={(event) => { if (event.key === 'Enter' && !event.ctrlKey) { event.preventDefault(); event.currentTarget.click(); } }} // not every browser does
              />
            </div>
            {file && <p className="row"><Icon name="FileText" /><b>{file.name}</b></p>}
            <details><summary>{t('imports.columns')}</summary>
              <p className="small-text">{t('imports.columnsNote')}</p>
              <p className="row wrap">{columns.map((one) => <code className="chip" key={one}>{t(`imports.col_${one}`)}</code>)}</p>
            </details>
          </div>
        </section>
        {busy && <p role="status">{t(`imports.${busy}`)}</p>}
        {fault && <p className="problem" role="alert">{fault}</p>}
        {report && (
          <section className="stack" ref={outcome} tabIndex={-1} aria-labelledby="import-outcome" data-region="outcome">
            <Outcome report={report} />
            {mayWrite && (
              <div className="row wrap">
                <Button icon="FileImport" keys={['Ctrl', '↵']} disabled={busy !== null} onClick={write}>{t('imports.writeCount', { count: report.new })}</Button>
                <p className="small-text quiet">{t('imports.forGood')}</p>
              </div>
            )}
            {report.written && <p><Link href={paths.find}>{t('search.tab')}</Link></p>}
            <ImportLines key={`${report.written}${report.lines.length}`} report={report} />
          </section>
        )}
      </div>
    </main>
  );
}

function Outcome({ report }: { report: ImportReport }) {
  const { t, language } = useLanguage();
  const title = report.written ? t('imports.done', { count: report.new })
    : report.refused > 0 ? t('imports.refusedTitle', { count: report.refused }) : report.new > 0 ? t('imports.goodTitle') : t('imports.nothingNew');
  return (
    <>
      <div className={report.refused > 0 ? 'ds-alert' : undefined} data-color={report.refused > 0 ? 'danger' : undefined}>
        <h2 id="import-outcome" className="card-title">{title}</h2>
        {report.refused > 0 && <p>{t('imports.refusedText')}</p>}
      </div>
      <dl className="figures three">
        {(['new', 'there', 'refused'] as const).map((one) => (
          <div key={one}><dt>{t(`imports.${report.written && one === 'new' ? 'written' : one}`)}</dt><dd>{formatCount(report[one], language)}<small>{t(`imports.${one}Note`)}</small></dd></div>
        ))}
      </dl>
      {report.ignored.length > 0 && <p className="hint"><Icon name="InformationSquare" /><span>{t('imports.ignored', { columns: report.ignored.join(', ') })}</span></p>}
    </>
  );
}
