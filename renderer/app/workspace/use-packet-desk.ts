import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { PacketDesk } from '../../views/network/index.ts';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';

/** What a view may know and ask of the packets of the device; null = a recording, which has none. */
export function usePacketDesk(session: Session, controller: Controller, view: SessionView): PacketDesk | null {
  const capture = useStore(session.state, (state) => state.capture);
  const [hasWireshark, setHasWireshark] = useState(false);
  const hasFile = capture?.kind === 'ended' && capture.hasFile;
  // Asked each time: it may have been installed since.
  useEffect(() => {
    if (hasFile) void controller.hasWireshark().then(setHasWireshark);
  }, [controller, hasFile]);
  if (session.origin.kind !== 'live') return null;
  return {
    view: capture,
    canStart: view.kind === 'live',
    start: async (wish) => {
      const file = await controller.chooseCaptureFile(session.snapshots.getState().device?.hostname ?? '');
      if (file !== null) session.startCapture({ ...wish, file });
      return file !== null;
    },
    stop: () => session.stopCapture(),
    dismiss: () => session.dismissCapture(),
    showInFolder: (file) => controller.showInFolder(file),
    openInWireshark: hasWireshark ? (file) => controller.openInWireshark(file) : null,
  };
}
