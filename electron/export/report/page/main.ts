/** The page inside a report. Its data stands beside it in the file; it asks nobody for anything. */
import type { ReportData } from '../report-data.ts';
import { callsSection } from './calls.ts';
import { Choice } from './choice.ts';
import { el } from './dom.ts';
import { factsSection, findingsSection, headSection } from './facts.ts';
import { flameSection } from './flame.ts';
import { flowsSection } from './flows.ts';
import { tracksSection } from './tracks.ts';

const data = JSON.parse(document.querySelector('#data')?.textContent ?? '') as ReportData;
const choice = new Choice();
const parts = [
  headSection(data),
  findingsSection(data),
  processPicker(),
  tracksSection(data),
  flameSection(data.flame, choice),
  callsSection(data.calls, choice),
  flowsSection(data.flows, choice),
  factsSection(data),
];
document.querySelector('#report')?.replaceChildren(...parts.filter((part) => part !== null));

/** Every process that anything is known of. */
function processPicker(): HTMLElement {
  const { parent, name, texts } = data.flame;
  const sampled = parent.flatMap((above, node) => (above === 0 ? [texts[name[node] ?? 0] ?? ''] : []));
  const others = [...data.calls.rows, ...data.flows.rows].map(({ who }) => who);
  const names = [...new Set([...sampled, ...others])].toSorted((a, b) => a.localeCompare(b));
  const select = el(
    'select',
    {},
    el('option', { value: '' }, 'all processes'),
    ...names.map((who) => el('option', { value: who }, who)),
  );
  select.addEventListener('change', () => choice.set(select.value));
  choice.onChange(() => (select.value = choice.who));
  return el('label', { class: 'picker' }, 'Show ', select);
}
