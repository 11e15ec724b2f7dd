/**
 * Takes: a function, its callers and callees, and a way to draw a tree.
 * Gives: the two trees around the function.
 * Never: draws by itself, or imports another view.
 */
export { type SandwichPart, SandwichView, type SandwichViewProps } from './sandwich-view.tsx';
