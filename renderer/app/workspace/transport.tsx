import { Button } from '../../widgets/button.tsx';
import { PauseIcon, PlayIcon } from '../../widgets/icons.tsx';
import { SPEEDS } from '../playback.ts';
import type { PlaybackState, Speed } from '../playback.ts';

export interface TransportProps {
  readonly playback: PlaybackState;
  readonly onToggle: () => void;
  readonly onSpeed: (speed: Speed) => void;
}

/** Plays a recording as if it happened now. */
export function Transport({ playback: { isPlaying, speed }, onToggle, onSpeed }: TransportProps) {
  return (
    <>
      <Button title={isPlaying ? 'Stand still (Space)' : 'Play as it happened (Space)'} onClick={onToggle}>
        {isPlaying ? <PauseIcon size={13} /> : <PlayIcon size={13} />}
        {isPlaying ? 'Pause' : 'Play'}
      </Button>
      <select
        aria-label="Playback speed"
        value={speed}
        onChange={({ target }) => {
          const chosen = SPEEDS.find((each) => String(each) === target.value);
          if (chosen) onSpeed(chosen);
        }}
      >
        {SPEEDS.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
    </>
  );
}
