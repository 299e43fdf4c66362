import { useEffect, useRef } from 'react';
import { warnings } from '../features/records/draft';
import { useApi } from '../shared/api/client';
import { useItemsChanged } from '../shared/api/items';
import { useWaitingLifts, waitingLifts } from '../shared/api/waitingLifts';
import { useLanguage } from '../shared/i18n/i18n';
import { useMatrixValue } from '../shared/matrix/react';
import { useFaultText } from '../shared/ui/Fault';
import { useSay } from '../shared/ui/Status';

const again = 5_000;

/** Sends the lifts that waited for the network, as soon as there is one, whichever page one is on. */
export function LiftSender() {
  const { t } = useLanguage();
  const api = useApi();
  const changed = useItemsChanged();
  const say = useSay();
  const faultText = useFaultText();
  const live = useMatrixValue((snapshot) => snapshot.connection === 'live');
  const waiting = useWaitingLifts().some((one) => !one.problem);
  const send = () => waitingLifts.send(
    api, (preview) => (warnings(preview) > 0 ? t('lift.lookAgain') : null), faultText,
    (request) => { changed(request.room_id); say(t('lift.said')); },
  );
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (!live || !waiting) return;
    void latest.current();
    const timer = setInterval(() => void latest.current(), again);
    return () => clearInterval(timer);
  }, [live, waiting]);
  return null;
}
