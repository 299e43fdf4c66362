import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import type { FileInfo, RegisteredRecord, Suggestions } from '../../../shared/api/types';
import { formatDay, formatSize } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { Fault } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { otherParty } from '../public';

interface Props {
  duplicates: Suggestions['duplicates'];
  /** What is registered now: a file of the same size is pointed out. */
  files: FileInfo[];
  /** It is the same thing: say so instead of registering it once more. */
  onSame?: ((number: string) => void) | undefined;
}

/** Records that what is registered now may be already, each to look at where one stands. */
export function Duplicates({ duplicates, files, onSame }: Props) {
  return duplicates.map((one) => <Duplicate key={one.number} duplicate={one} files={files} onSame={onSame && (() => onSame(one.number))} />);
}

function Duplicate({ duplicate, files, onSame }: { duplicate: Suggestions['duplicates'][number]; files: FileInfo[]; onSame: (() => void) | undefined }) {
  const { t } = useLanguage();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <div className="hint duplicate">
      <Icon name="Files" />
      <div className="grow stack tight">
        <p>{t('lift.looksLike', { number: duplicate.number, title: duplicate.title })}</p>
        <p className="row wrap">
          <Button small variant="tertiary" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>{t(open ? 'duplicate.hide' : 'duplicate.show')}</Button>
          {onSame && <Button small variant="tertiary" keys={['5']} onClick={onSame}>{t('duplicate.same')}</Button>}
        </p>
        <div id={id}>{open && <Looked number={duplicate.number} files={files} />}</div>
      </div>
    </div>
  );
}

function Looked({ number, files }: { number: string; files: FileInfo[] }) {
  const { t, language } = useLanguage();
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: ['record', 'number', number], queryFn: () => api.get<RegisteredRecord>('records', { number }), staleTime: 60_000,
  });
  if (error) return <Fault error={error} onRetry={() => void refetch()} />;
  if (!data) return <p className="quiet" role="status">{t('duplicate.fetching')}</p>;
  const alike = (file: FileInfo) => files.find((one) => one.size > 0 && one.size === file.size);
  return (
    <dl className="facts">
      <dt>{t(`field.day_${data.direction}`)}</dt><dd className="num">{formatDay(data.came_or_made_day, language)}</dd>
      {otherParty(data) && <><dt>{t(data.direction === 'out' ? 'field.recipient' : 'field.sender')}</dt><dd>{otherParty(data)}</dd></>}
      {data.case && <><dt>{t('field.case')}</dt><dd><span className="num">{data.case.number}</span> {data.case.title}</dd></>}
      {data.files.filter((file) => file.role !== 'rendition').map((file) => (
        <div key={file.url} className="contents"><dt>{t(`file.${file.role}`, { defaultValue: file.role })}</dt><dd>{file.name} · {formatSize(file.size, language)}{alike(file) && <> · <b>{t('duplicate.sameSize', { name: alike(file)?.name })}</b></>}</dd></div>
      ))}
    </dl>
  );
}
