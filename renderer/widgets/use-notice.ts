import { useEffect, useState } from 'react';

const SHOWN_MS = 1600;

/** A word that fades by itself: "Copied". */
export function useNotice(): [string, (text: string) => void] {
  const [notice, setNotice] = useState({ text: '', number: 0 });
  useEffect(() => {
    if (notice.text === '') return;
    const timer = setTimeout(() => setNotice({ text: '', number: 0 }), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return [notice.text, (text) => setNotice(({ number }) => ({ text, number: number + 1 }))];
}
