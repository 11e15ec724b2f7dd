// takes: the observer's own cost, as measured on the device
// gives: it as numbers and as small charts
// never: hides any part of it
export { CostFace } from './cost-face.tsx';
export { CostPanel } from './cost-panel.tsx';
export { costsWithin } from './rates.ts';
