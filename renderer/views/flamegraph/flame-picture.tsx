import { useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import type { Ref } from 'react';
import {
  type CallTree,
  type FrameFacts,
  followPath,
  frameFacts,
  meaningOf,
  type NodePath,
  pathOf,
} from '../../derive/index.ts';
import { ContextMenu } from '../../widgets/context-menu.tsx';
import { choicesFor, type FrameAction } from './actions.ts';
import { FactsLine } from './facts-line.tsx';
import { type FactRow, factRows, spokenText } from './facts-text.ts';
import { FlameController } from './flame-controller.ts';
import { FrameTooltip } from './frame-tooltip.tsx';
import type { Hover } from './hover.ts';
import { commandOf, type FlameCommand } from './keys.ts';
import type { FlameInput } from './painter.ts';

/** What others may ask of a picture. */
export interface FlameHandle {
  zoomTo(path: NodePath): void;
  /** Selects a node of the tree shown and brings it into sight. */
  reveal(node: number): void;
  back(): void;
  focus(): void;
}

export interface ZoomState {
  /** What was zoomed to; `reached` of its frames are there now. */
  readonly path: NodePath;
  readonly reached: number;
  readonly canGoBack: boolean;
}

export interface FlamePictureProps extends FlameInput {
  readonly label: string;
  /** A line of facts below the picture; without it the tooltip tells them. */
  readonly hasFactsLine: boolean;
  /** Samples of the whole selection. */
  readonly all: number;
  readonly corePercentOf: (samples: number) => number | null;
  /** What is told of a frame; left out: its samples. */
  readonly rowsOf?: (node: number, tree: CallTree) => readonly FactRow[];
  /** What the menu offers; left out: everything. */
  readonly offers?: ReadonlySet<FrameAction>;
  /** What the menu calls the other views of a process. */
  readonly otherTitles: readonly string[];
  readonly handle?: Ref<FlameHandle>;
  readonly onZoom?: (zoom: ZoomState) => void;
  readonly onSelect?: (node: number | null) => void;
  readonly onAction: (action: FrameAction, node: number, tree: CallTree) => void;
  /** Commands that are not about the picture itself. */
  readonly onCommand: (command: FlameCommand) => void;
}

interface Menu {
  readonly path: NodePath;
  readonly clientX: number;
  readonly clientY: number;
}

/** The flame graph as a component: canvas, tooltip, menu, keys, and words for screen readers. */
export function FlamePicture(props: FlamePictureProps) {
  const { tree, names, functions, rootOnTop, label } = props;
  const elements = useRef<Partial<Record<'scroller' | 'content' | 'stage', HTMLDivElement | null>>>({});
  const canvases = useRef<Partial<Record<'frames' | 'marks', HTMLCanvasElement | null>>>({});
  const controller = useRef<FlameController | null>(null);
  const latest = useRef(props);
  const [viewTotal, setViewTotal] = useState(0);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const [selected, setSelected] = useState<number | null>(null);
  const [menu, setMenu] = useState<Menu | null>(null);

  useLayoutEffect(() => {
    latest.current = props;
  });
  useLayoutEffect(() => {
    const made = new FlameController(present({ ...elements.current, ...canvases.current }), {
      // Told now, of the tree on the screen: an update may replace it before this is rendered.
      onHover: (hover) =>
        setHovered(hover && { hover, ...toldOf(latest.current, hover.tree, hover.node, hover.viewTotal) }),
      onSelect(node) {
        setSelected(node);
        latest.current.onSelect?.(node);
      },
      onZoom(path, canGoBack, total) {
        setViewTotal(total);
        const reached = reachedOf(latest.current, path);
        latest.current.onZoom?.({ path, reached, canGoBack });
      },
      onMenu(node, clientX, clientY) {
        setHovered(null);
        setMenu({ path: pathOf(latest.current.tree, node), clientX, clientY });
      },
    });
    controller.current = made;
    return () => {
      controller.current = null;
      made.close();
    };
  }, []);
  useLayoutEffect(() => controller.current?.update(props));
  useImperativeHandle(props.handle, () => ({
    zoomTo: (path) => controller.current?.zoomTo(followPath(latest.current.tree, path).node),
    reveal: (node) => controller.current?.reveal(node),
    back: () => controller.current?.back(),
    focus: () => canvases.current.frames?.focus(),
  }));
  const act = (action: FrameAction, node: number) => {
    if (action === 'zoom') controller.current?.zoomTo(node);
    else props.onAction(action, node, tree);
  };
  const obey = (command: FlameCommand) => {
    if (controller.current?.run(command)) return;
    const node = selected;
    if (command === 'copy-name' || command === 'copy-stack') {
      if (node !== null) props.onAction(command, node, tree);
    } else props.onCommand(command);
  };
  const menuNode = menu ? followPath(tree, menu.path, functions.renamed).node : null;
  const selectedTold = selected !== null && selected < tree.count ? toldOf(props, tree, selected, viewTotal) : null;
  const shownTold = hovered && hovered.hover.frames === 1 ? hovered : selectedTold;
  return (
    <div className="flame-picture">
      <div
        className="flame-scroller"
        ref={(element) => {
          elements.current.scroller = element;
        }}
      >
        <div
          ref={(element) => {
            elements.current.content = element;
          }}
        >
          <div
            className="flame-stage"
            ref={(element) => {
              elements.current.stage = element;
            }}
          >
            <canvas
              tabIndex={0}
              role="application"
              aria-roledescription="flame graph"
              aria-label={`${label}. Arrow keys select frames, Enter zooms, question mark lists all keys.`}
              ref={(element) => {
                canvases.current.frames = element;
              }}
              onFocus={() => controller.current?.refreshMarks()}
              onBlur={() => controller.current?.refreshMarks()}
              onKeyDown={(event) => {
                const command = commandOf(event, rootOnTop);
                if (!command) return;
                event.preventDefault();
                event.stopPropagation();
                obey(command);
              }}
            />
            <canvas
              className="flame-marks"
              aria-hidden="true"
              ref={(element) => {
                canvases.current.marks = element;
              }}
            />
          </div>
        </div>
      </div>
      {props.hasFactsLine && <FactsLine told={shownTold} />}
      <p className="visually-hidden" aria-live="polite">
        {selectedTold && spokenText(selectedTold.facts, props.rowsOf ? selectedTold.rows : null)}
      </p>
      {hovered && !menu && <FrameTooltip {...hovered} />}
      {menu && menuNode !== null && (
        <ContextMenu
          title={names.name(tree.key[menuNode]!)}
          choices={choicesFor(meaningOf(tree.key[menuNode]!).kind, {
            hasProcess: factsOf(props, tree, menuNode, 0).process !== '',
            otherTitles: props.otherTitles,
          }).filter(({ action }) => props.offers?.has(action) ?? true)}
          clientX={menu.clientX}
          clientY={menu.clientY}
          onChoose={(action) => {
            setMenu(null);
            canvases.current.frames?.focus();
            act(action, menuNode);
          }}
          onClose={() => {
            setMenu(null);
            canvases.current.frames?.focus();
          }}
        />
      )}
    </div>
  );
}

interface Told {
  readonly facts: FrameFacts;
  readonly rows: readonly FactRow[];
}

interface Hovered extends Told {
  readonly hover: Hover;
}

function toldOf(props: FlamePictureProps, tree: CallTree, node: number, viewTotal: number): Told {
  const facts = factsOf(props, tree, node, viewTotal);
  return { facts, rows: props.rowsOf?.(node, tree) ?? factRows(facts, props.corePercentOf(facts.total)) };
}

function factsOf({ names, all }: FlamePictureProps, tree: CallTree, node: number, viewTotal: number): FrameFacts {
  return frameFacts(tree, node, names, { viewTotal, all });
}

function reachedOf({ tree, functions }: FlameInput, path: NodePath): number {
  return tree.depth[followPath(tree, path, functions.renamed).node]!;
}

/** All of them are there once React has mounted the picture. */
function present<T extends Record<string, unknown>>(
  parts: T,
): { [K in 'scroller' | 'content' | 'stage']: HTMLElement } & {
  [K in 'frames' | 'marks']: HTMLCanvasElement;
} {
  for (const [name, part] of Object.entries(parts)) if (!part) throw new Error(`the flame graph has no ${name}`);
  return parts as unknown as ReturnType<typeof present>;
}
