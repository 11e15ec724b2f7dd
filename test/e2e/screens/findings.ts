// What is wrong with a page, as far as that can be measured.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** What is wider or lower than the window, or wider than the box it lies in without being meant to scroll. */
export function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found: string[] = [];
    if (root.scrollWidth > root.clientWidth) found.push(`page: ${root.scrollWidth} > ${root.clientWidth}`);
    if (root.scrollHeight > root.clientHeight) found.push(`page: ${root.scrollHeight} > ${root.clientHeight}`);
    for (const element of document.querySelectorAll(
      '.identity-bar, .status-bar, .time-bar, .range-chooser, .popover-panel, .dialog, .banner',
    )) {
      const box = element.getBoundingClientRect();
      const inside =
        box.left >= 0 && box.top >= 0 && box.right <= root.clientWidth + 0.5 && box.bottom <= root.clientHeight + 0.5;
      if (!inside || element.scrollWidth > element.clientWidth + 1) found.push(element.className);
    }
    return found;
  });
}

/** Brings axe into the page; through the debugger, which no content policy stops. */
export async function bringAxe(page: Page): Promise<void> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(`(() => { ${axe} })()`);
}

/** The rules that another colour scheme can change the outcome of. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'] as const;

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** `rules`: null = all that axe has. */
export async function seriousFindings(page: Page, rules: readonly string[] | null): Promise<readonly string[]> {
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: rules } }) };
  const findings = (await page.evaluate(
    `axe.run(${JSON.stringify(options)}).then((result) => result.violations)`,
  )) as readonly Finding[];
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    );
}
