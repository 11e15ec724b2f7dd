import type { RecentDevice } from '../../../electron/bridge/contract.ts';
import { Button } from '../../widgets/button.tsx';
import { formatWhen } from '../../widgets/format.ts';
import { CrossIcon, DeviceIcon } from '../../widgets/icons.tsx';

export interface RecentDevicesProps {
  readonly devices: readonly RecentDevice[];
  readonly nowMs: number;
  readonly busy: boolean;
  readonly onConnect: (device: RecentDevice) => void;
  readonly onForget: (destination: string) => void;
}

export function RecentDevices({ devices, nowMs, busy, onConnect, onForget }: RecentDevicesProps) {
  return (
    <section className="recent" aria-labelledby="recent-devices">
      <h2 id="recent-devices">Devices</h2>
      {devices.length === 0 && <p className="recent-empty">Devices you connect to are kept here, one click away.</p>}
      <ul>
        {devices.map((device) => (
          <li key={device.destination}>
            <button
              type="button"
              className="recent-open"
              disabled={busy}
              title={[device.hostname, device.destination, device.osName].filter(Boolean).join('\n')}
              onClick={() => onConnect(device)}
            >
              <DeviceIcon />
              <span className="recent-name">{device.hostname || device.destination}</span>
              <span className="recent-when">{formatWhen(device.lastUsedMs, nowMs)}</span>
              <span className="recent-more">
                {device.destination}
                {device.osName && ` · ${device.osName}`}
              </span>
            </button>
            <Button
              look="quiet"
              aria-label={`Forget ${device.destination}`}
              title="Forget"
              onClick={() => onForget(device.destination)}
            >
              <CrossIcon size={12} />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
