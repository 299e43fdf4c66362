const waves = 'M5 10c2-2 4-2 6 0s4 2 6 0 2-1 2-1M5 14.5c2-2 4-2 6 0s4 2 6 0';

function Art({ mark }: { mark: string }) {
  if (mark === 'wave') return <path d={waves} fill="none" stroke="#fff" strokeWidth="1.9" strokeLinecap="round" />;
  if (mark === 'house') {
    return <path d="M6.5 15.5v-5L12 6l5.5 4.5v5z" fill="none" stroke="#fff" strokeWidth="1.9" strokeLinejoin="round" />;
  }
  if (mark === 'drop') {
    return <path d="M12 5.2c2.6 3.2 4.2 5.2 4.2 7.2a4.2 4.2 0 0 1-8.4 0c0-2 1.6-4 4.2-7.2z" fill="#fff" />;
  }
  return <circle cx="12" cy="11" r="4" fill="none" stroke="#fff" strokeWidth="1.9" />;
}

/** An authority's own mark: the only colour in the interface without a meaning. Decorative; the name stands beside it. */
export function AuthorityMark({ mark }: { mark: string | undefined }) {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M3 2h18v11c0 4.6-4 7.6-9 9.4C7 20.6 3 17.6 3 13z" fill="#1D5C86" />
      <Art mark={mark ?? ''} />
    </svg>
  );
}

/** Torg's mark: a square seen from above, four houses around an open place. */
export function Brand() {
  return (
    <svg viewBox="0 0 32 32" className="brand" aria-hidden="true" focusable="false">
      <path d="M3 3h16v7H10v9H3z" /><path d="M22 3h7v16h-7z" opacity=".72" />
      <path d="M13 22h16v7H13z" /><path d="M3 22h7v7H3z" opacity=".72" />
    </svg>
  );
}
