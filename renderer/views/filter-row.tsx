import { useMemo } from 'react';
import { containerOf, type Facets, processName, processOf, threadName } from '../derive/index.ts';
import type { Selection, Tables } from '../store/index.ts';
import { formatShare } from '../widgets/format.ts';
import type { OtherView } from './other-view.ts';
import { Button } from '../widgets/button.tsx';
import { Combobox, type ComboOption } from '../widgets/combobox.tsx';

export interface FilterRowProps {
  readonly selection: Selection;
  readonly facets: Facets;
  readonly tables: Tables;
  readonly otherViews: readonly OtherView[];
  /** false: what is shown belongs to processes, whichever of their threads it was. */
  readonly hasThreads?: boolean;
  readonly onSelectionChange: (next: Selection) => void;
}

const HOST_ID = 'host';
const CONTAINER_ID = 'container:';

/** Process, thread and container to look at, in every view; most seen first. */
export function FilterRow(props: FilterRowProps) {
  const { selection, facets, tables, otherViews, hasThreads = true, onSelectionChange } = props;
  const { process, thread, container } = selection;
  const processes = useMemo(() => {
    const inContainer = [...facets.process].filter(
      ([id]) => container === null || containerOf(tables, id) === container,
    );
    return optionsOf(inContainer, facets.total, (id) => processName(tables, id));
  }, [facets, tables, container]);
  const threads = useMemo(() => {
    const ofProcess = [...facets.thread].filter(([id]) => process === null || processOf(tables, id) === process);
    return optionsOf(ofProcess, facets.total, (id) => threadName(tables, id));
  }, [facets, tables, process]);
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
        chosen={process === null ? null : chosenOf(processes, process, processName(tables, process))}
        onChoose={(id) => onSelectionChange({ ...selection, process: id === null ? null : Number(id), thread: null })}
      />
      {hasThreads && (
        <Combobox
          label="Thread"
          anyText="Any thread"
          options={threads}
          chosen={thread === null ? null : chosenOf(threads, thread, threadName(tables, thread))}
          onChoose={(id) => {
            if (id === null) return onSelectionChange({ ...selection, thread: null });
            const owner = processOf(tables, Number(id)) || process;
            onSelectionChange({ ...selection, thread: Number(id), process: owner });
          }}
        />
      )}
      {hasContainers && (
        <Combobox
          label="Container"
          anyText="Any container"
          options={containers}
          chosen={container === null ? null : containerOption(container, '')}
          onChoose={(id) =>
            onSelectionChange({ ...selection, container: chosenContainer(id), process: null, thread: null })
          }
        />
      )}
      {(process !== null || thread !== null || container !== null) &&
        otherViews.map(({ title, show }) => (
          <Button key={title} look="quiet" onClick={show}>
            {title} →
          </Button>
        ))}
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

function chosenContainer(id: string | null): string | null {
  if (id === null) return null;
  return id === HOST_ID ? '' : id.slice(CONTAINER_ID.length);
}
