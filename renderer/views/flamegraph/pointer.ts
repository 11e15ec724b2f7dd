export interface PointerPlace {
  /** CSS pixels from the picture's upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly clientX: number;
  readonly clientY: number;
}

export interface PointerHandlers {
  move(at: PointerPlace): void;
  leave(): void;
  /** Pressed and let go in the same place. */
  press(at: PointerPlace): void;
  menu(at: PointerPlace): void;
  /** `isFirst`: the gesture begins. */
  drag(dx: number, dy: number, isFirst: boolean): void;
  /** factor < 1 = closer. */
  zoom(factor: number, x: number, isFirst: boolean): void;
  pan(dx: number, isFirst: boolean): void;
}

/** Less than this is a hand that is not quite still. */
const DRAG_FROM_PX = 4;
const ZOOM_PER_PX = 0.0025;
/** Wheel events further apart belong to different gestures. */
const GESTURE_GAP_MS = 500;
/** Wheels that count lines (Firefox style) or pages. */
const WHEEL_UNIT_PX = [1, 16, 400];

/** Turns mouse, touch pad and wheel events into what they mean. Plain wheel is left alone: it scrolls. Returns its closer. */
export function watchPointer(element: HTMLElement, handlers: PointerHandlers): () => void {
  let pressed: { x: number; y: number; isDragging: boolean } | null = null;
  let lastWheelMs = Number.NEGATIVE_INFINITY;

  const placeOf = (event: MouseEvent): PointerPlace => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top, clientX: event.clientX, clientY: event.clientY };
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    pressed = { x: event.clientX, y: event.clientY, isDragging: false };
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (!pressed) return handlers.move(placeOf(event));
    const [dx, dy] = [event.clientX - pressed.x, event.clientY - pressed.y];
    if (!pressed.isDragging && Math.hypot(dx, dy) < DRAG_FROM_PX) return;
    if (!pressed.isDragging) handlers.leave();
    handlers.drag(dx, dy, !pressed.isDragging);
    pressed = { x: event.clientX, y: event.clientY, isDragging: true };
    element.style.cursor = 'grabbing';
  };
  const up = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const wasPress = pressed !== null && !pressed.isDragging;
    pressed = null;
    element.style.cursor = '';
    if (wasPress) handlers.press(placeOf(event));
    else handlers.move(placeOf(event));
  };
  const cancel = () => {
    pressed = null;
    handlers.leave();
  };
  const menu = (event: MouseEvent) => {
    event.preventDefault();
    handlers.menu(placeOf(event));
  };
  const wheel = (event: WheelEvent) => {
    const unit = WHEEL_UNIT_PX[event.deltaMode] ?? 1;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    const isZoom = event.ctrlKey || event.metaKey;
    if (!isZoom && (!sideways || (!event.shiftKey && Math.abs(event.deltaY) > Math.abs(event.deltaX)))) return;
    event.preventDefault();
    const isFirst = event.timeStamp - lastWheelMs > GESTURE_GAP_MS;
    lastWheelMs = event.timeStamp;
    if (isZoom) handlers.zoom(Math.exp(event.deltaY * unit * ZOOM_PER_PX), placeOf(event).x, isFirst);
    else handlers.pan(sideways * unit, isFirst);
  };

  const closers = [
    listen(element, 'pointerdown', down),
    listen(element, 'pointermove', move),
    listen(element, 'pointerup', up),
    listen(element, 'pointercancel', cancel),
    listen(element, 'pointerleave', () => {
      if (!pressed) handlers.leave();
    }),
    listen(element, 'contextmenu', menu),
    listen(element, 'wheel', wheel, { passive: false }),
  ];
  return () => {
    for (const close of closers) close();
  };
}

function listen<Name extends keyof HTMLElementEventMap>(
  element: HTMLElement,
  name: Name,
  handler: (event: HTMLElementEventMap[Name]) => void,
  options?: AddEventListenerOptions,
): () => void {
  element.addEventListener(name, handler, options);
  return () => element.removeEventListener(name, handler, options);
}
