import { useMemo } from 'react';
import { type Facets, type Names, processKey, threadKey } from '../../derive/index.ts';
import type { Selection, Tables } from '../../store/index.ts';
import { formatShare } from '../../widgets/format.ts';
import { Combobox, type ComboOption } from './combobox.tsx';

export interface FilterRowProps {
  readonly selection: Selection;
  readonly facets: Facets;
  readonly tables: Tables;
  readonly names: Names;
  readonly onSelectionChange: (next: Selection) => void;
}

const HOST_ID = 'host';
const CONTAINER_ID = 'container:';

/** Process, thread and container to look at, most samples first. */
export function FilterRow({ selection, facets, tables, names, onSelectionChange }: FilterRowProps) {
  const { process, thread, container } = selection;
  const processes = useMemo(() => {
    const inContainer = [...facets.process].filter(
      ([id]) => container === null || (tables.processes[id]?.container ?? '') === container,
    );
    return optionsOf(inContainer, facets.total, (id) => names.name(processKey(id)));
  }, [facets, tables, names, container]);
  const threads = useMemo(() => {
    const ofProcess = [...facets.thread].filter(([id]) => process === null || tables.threads[id]?.process === process);
    return optionsOf(ofProcess, facets.total, (id) => names.name(threadKey(id)));
  }, [facets, tables, names, process]);
  const containers = useMemo(() => {
    const named = [...facets.container].sort((a, b) => b[1] - a[1]);
    return named.map(([name, weight]) => containerOption(name, formatShare(weight / facets.total)));
  }, [facets]);
  const hasContainers = container !== null || facets.container.size > 1 || !facets.container.has('');
  return (
    <>
      <Combobox
        label="Process"
        anyText="Any process"
        options={processes}
        chosen={process === null ? null : chosenOf(processes, process, names.name(processKey(process)))}
        onChoose={(id) => onSelectionChange({ ...selection, process: id === null ? null : Number(id), thread: null })}
      />
      <Combobox
        label="Thread"
        anyText="Any thread"
        options={threads}
        chosen={thread === null ? null : chosenOf(threads, thread, names.name(threadKey(thread)))}
        onChoose={(id) => {
          if (id === null) return onSelectionChange({ ...selection, thread: null });
          const owner = tables.threads[Number(id)]?.process ?? process;
          onSelectionChange({ ...selection, thread: Number(id), process: owner });
        }}
      />
      {hasContainers && (
        <Combobox
          label="Container"
          anyText="Any container"
          options={containers}
          chosen={container === null ? null : containerOption(container, '')}
          onChoose={(id) =>
            onSelectionChange({ ...selection, container: containerOf(id), process: null, thread: null })
          }
        />
      )}
    </>
  );
}

function optionsOf(
  weights: readonly (readonly [number, number])[],
  total: number,
  nameOf: (id: number) => string,
): ComboOption[] {
  return [...weights]
    .sort((a, b) => b[1] - a[1])
    .map(([id, weight]) => ({ id: String(id), text: nameOf(id), detail: formatShare(weight / total) }));
}

function chosenOf(options: readonly ComboOption[], id: number, text: string): ComboOption {
  return options.find((option) => option.id === String(id)) ?? { id: String(id), text, detail: '' };
}

function containerOption(name: string, detail: string): ComboOption {
  return name === ''
    ? { id: HOST_ID, text: 'Host (no container)', detail }
    : { id: `${CONTAINER_ID}${name}`, text: name, detail };
}

function containerOf(id: string | null): string | null {
  if (id === null) return null;
  return id === HOST_ID ? '' : id.slice(CONTAINER_ID.length);
}
