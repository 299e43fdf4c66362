let waiting: File | null = null;

/** A file dropped anywhere on the desk waits here until the page for manual entry has opened. */
export const droppedFile = {
  put(file: File): void {
    waiting = file;
  },
  take(): File | null {
    const file = waiting;
    waiting = null;
    return file;
  },
};
