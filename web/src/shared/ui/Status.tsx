import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';

type Say = (text: string, urgent?: boolean) => void;
const StatusContext = createContext<Say>(() => undefined);

/** Says the result of one's own act to a screen reader, once. */
export function useSay(): Say {
  return useContext(StatusContext);
}

export function StatusProvider({ children }: { children: ReactNode }) {
  const [polite, setPolite] = useState('');
  const [urgent, setUrgent] = useState('');
  const turn = useRef(0);
  const say = useCallback<Say>((text, isUrgent) => {
    // The same sentence twice must be a change, or it is not read out.
    turn.current += 1;
    (isUrgent ? setUrgent : setPolite)(text + (turn.current % 2 ? '\u200b' : ''));
  }, []);
  return (
    <StatusContext value={say}>
      {children}
      <p className="ds-sr-only" role="status">{polite}</p>
      <p className="ds-sr-only" role="alert">{urgent}</p>
    </StatusContext>
  );
}
