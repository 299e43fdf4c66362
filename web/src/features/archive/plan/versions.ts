import type { PlanVersion } from './api';

/** The versions, the newest first, each with the last day it holds: the day before the next adopted one begins. */
export function withValidity(versions: PlanVersion[]): (PlanVersion & { valid_to: string | null })[] {
  const adopted = versions.filter((one) => one.state !== 'imported').sort(byDay);
  return [...versions].sort((a, b) => byDay(b, a)).map((one) => {
    const next = one.state === 'imported' ? undefined : adopted[adopted.findIndex((other) => other.id === one.id) + 1];
    return { ...one, valid_to: next ? dayBefore(next.valid_from) : null };
  });
}

const byDay = (a: PlanVersion, b: PlanVersion) => a.valid_from.localeCompare(b.valid_from) || a.id - b.id;

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** The text of a table as it was saved: UTF-8 when it is, else as older spreadsheets write it. */
export function tableText(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Whether the server has to read it: a spreadsheet's own format. */
export function isWorkbook(file: File): boolean {
  return file.name.toLowerCase().endsWith('.xlsx');
}
