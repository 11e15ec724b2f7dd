import { useMemo } from 'react';
import type { Names, SelfTotal } from '../../derive/index.ts';
import { formatShare } from '../../widgets/format.ts';
import { Combobox, type ComboOption } from '../../widgets/combobox.tsx';

export interface FunctionPickerProps {
  readonly costs: SelfTotal;
  readonly names: Names;
  readonly chosen: number | null;
  readonly onChoose: (id: number) => void;
}

export function FunctionPicker({ costs, names, chosen, onChoose }: FunctionPickerProps) {
  const options = useMemo(
    () => [...costs.present].sort((a, b) => costs.total[b]! - costs.total[a]!).map((id) => optionOf(id, costs, names)),
    [costs, names],
  );
  return (
    <div className="flame-picker">
      <Combobox
        label="Function"
        anyText="Choose a function"
        options={options}
        chosen={chosen === null ? null : optionOf(chosen, costs, names)}
        onChoose={(id) => id !== null && onChoose(Number(id))}
      />
    </div>
  );
}

function optionOf(id: number, costs: SelfTotal, names: Names): ComboOption {
  const share = costs.all > 0 ? (costs.total[id] ?? 0) / costs.all : 0;
  return { id: String(id), text: names.name(id), detail: `${names.module(id)}  ${formatShare(share)}` };
}
