import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { Words } from '../../../shared/api/types';

export interface ImportLine {
  /** In the file, the headings being 1. */
  line: number;
  state: 'new' | 'there' | 'refused';
  number: string;
  problems: Words[];
}

/** What comes, or would come, of each line of a list. */
export interface ImportReport {
  written: boolean;
  new: number;
  there: number;
  refused: number;
  /** Headings that mean nothing here. */
  ignored: string[];
  lines: ImportLine[];
}

/** An older system's list, as the file is. Without `write` nothing is written. */
export function useImportList() {
  const api = useApi();
  const queries = useQueryClient();
  return async (authority: string, file: File, write: boolean): Promise<ImportReport> => {
    const report = await api.upload<ImportReport>('imports', file, 'text/csv', { authority, name: file.name, dry_run: !write });
    if (write) for (const key of ['register', 'cases', 'checks', 'series']) void queries.invalidateQueries({ queryKey: [key] });
    return report;
  };
}
