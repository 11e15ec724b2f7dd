export { openDisplay } from '../../build/display.mjs';
