import { useState } from 'react';
import { formatSize } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import type { Attachment } from '../../shared/matrix/items';
import { useMatrix } from '../../shared/matrix/react';
import { Icon, type IconName } from '../../shared/ui/Icon';
import { useFaultText } from '../../shared/ui/Fault';
import { saveBlob } from '../../shared/ui/saveBlob';

export function fileIcon(type: string): IconName {
  if (type === 'application/pdf') return 'FilePdf';
  if (type.startsWith('image/')) return 'FileImage';
  if (type === 'message/rfc822') return 'EnvelopeClosed';
  return type.startsWith('text/') ? 'FileText' : 'File';
}

/** A file in the stream. Pressing it fetches it with the token and saves it. */
export function AttachmentButton({ file, tabbable }: { file: Attachment; tabbable: boolean }) {
  const { language } = useLanguage();
  const matrix = useMatrix();
  const faultText = useFaultText();
  const [problem, setProblem] = useState('');
  const open = async () => {
    setProblem('');
    try {
      saveBlob(await matrix.download(file.url), file.name);
    } catch (error) {
      setProblem(faultText(error));
    }
  };
  return (
    <>
      <button type="button" className="attach" onClick={() => void open()} tabIndex={tabbable ? 0 : -1}>
        <Icon name={fileIcon(file.type)} />
        <span>{file.name}{file.size > 0 && <small>{formatSize(file.size, language)}</small>}</span>
      </button>
      {problem && <p className="small-text problem" role="alert">{problem}</p>}
    </>
  );
}
