// What axe finds wrong with a page, as lines.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Found {
  readonly violations: readonly {
    readonly id: string
    readonly help: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** Rules in `off` do not hold here; say why where it is called. `region`: everything must stand in a landmark. */
export async function violationsOf(
  page: Page,
  off: readonly string[] = [],
  { region = false }: { readonly region?: boolean } = {},
): Promise<string[]> {
  await page.evaluate(source)
  // Popups stand beside the landmarks, as the patterns of WAI-ARIA have it.
  const popups = '[role=menu], [role=listbox], [role=dialog], [role=alertdialog], [role=tooltip]'
  const isOpen = (await page.locator(popups).count()) > 0
  const rules = Object.fromEntries(
    [...(region && !isOpen ? [] : ['region']), ...off].map((id) => [id, { enabled: false }]),
  )
  const found = await page.evaluate(
    (rules) =>
      (globalThis as unknown as { axe: { run: (context: unknown, options: unknown) => Promise<Found> } }).axe.run(
        // Guards of the focus hand it on at once; the chat is looked at in its own journeys.
        { exclude: ['[data-base-ui-focus-guard]', 'rapport-chat'] },
        { rules },
      ),
    rules,
  )
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  )
}
