// Sees when a page takes words for anything but words: what ran, called out, or was stopped by the policy from doing so.
import type { BrowserContext, Page } from 'playwright-core'

export interface Trap {
  /** What ran, called out or was stopped by the policy, since the last look. */
  caught(page: Page): Promise<string[]>
}

/** Marks of something that took hold; also looks for elements that only an attack could have made. */
export async function setTrap(context: BrowserContext, own: string): Promise<Trap> {
  const seen: string[] = []
  await context.addInitScript(() => {
    const marks: string[] = []
    Object.assign(window, { trapMarks: marks })
    Object.defineProperty(window, '__pwned', {
      set: (by: unknown) => {
        marks.push(`ran: ${String(by)}`)
      },
      get: () => 0,
    })
    for (const name of ['alert', 'prompt', 'confirm', 'print'] as const) window[name] = () => marks.push(name) as never
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      // The debugger's own inspection is no page's doing.
      if (!/^(chrome|devtools)/.test(sourceFile ?? '')) marks.push(`policy: ${violatedDirective} ${blockedURI}`)
    })
  })
  context.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(own) && !/^(data|blob|about):/.test(url)) seen.push(`request: ${url}`)
  })
  return {
    async caught(page) {
      const inside = await page.evaluate(() => {
        const marks = (window as unknown as { trapMarks: string[] }).trapMarks
        const roots: (Document | ShadowRoot)[] = [document]
        for (const root of roots)
          for (const element of root.querySelectorAll('*')) {
            if (element.shadowRoot) roots.push(element.shadowRoot)
            const attack =
              element.id === 'pwned' ||
              [...element.attributes].some(
                ({ name, value }) =>
                  name.startsWith('on') ||
                  (/^(href|src|action|formaction|data)$/.test(name) && /^\s*javascript:/i.test(value)),
              )
            if (attack) marks.push(`element: ${element.outerHTML.slice(0, 120)}`)
          }
        return marks.splice(0)
      })
      return [...inside, ...seen.splice(0)]
    },
  }
}

/** All words that a reader meets, also those in fields, in labels for those who listen, and in the widget's own tree. */
export const wordsOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const words: string[] = []
    const roots: (Document | ShadowRoot)[] = [document]
    for (const root of roots) {
      words.push(
        root instanceof Document
          ? document.body.innerText
          : [...root.children].map((one) => (one as HTMLElement).innerText ?? '').join('\n'),
      )
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) roots.push(element.shadowRoot)
        if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) words.push(element.value)
        for (const name of ['aria-label', 'title', 'alt', 'placeholder']) words.push(element.getAttribute(name) ?? '')
      }
    }
    return `${document.title}\n${words.join('\n')}`
  })

/** The words once nothing is added to them any more. */
export async function restedWords(page: Page): Promise<string> {
  const end = Date.now() + 8000
  let [last, same] = ['', 0]
  while (same < 3 && Date.now() < end) {
    await page.waitForTimeout(150)
    const words = await wordsOf(page)
    same = words === last && words.trim().length > 20 ? same + 1 : 0
    last = words
  }
  return last
}

/** As a reader would compare: names of attributes are shown without their underscores. */
export const folded = (text: string): string => text.replaceAll('_', '').replaceAll(/\s+/g, ' ').toLowerCase()
