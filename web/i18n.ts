import { i18n, type Messages } from '@lingui/core'

type Catalogue = () => Promise<{ messages: Messages }>

// One chunk a language; only the chosen one is loaded.
const catalogues = Object.fromEntries(
  Object.entries(import.meta.glob<{ messages: Messages }>('../locales/*.po')).map(([path, load]) => [
    path.replace(/^.*\/|\.po$/g, ''),
    load,
  ]),
) as Record<string, Catalogue>

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])

/** Loads a language and tells the document; unknown ones fall back to the closest that exists, last to English. */
export async function loadLanguage(wanted: readonly string[]): Promise<void> {
  const locale = closest(wanted, Object.keys(catalogues))
  const load = catalogues[locale]
  if (!load) throw new Error(`locales/${locale}.po is missing`)
  const { messages } = await load()
  i18n.loadAndActivate({ locale, messages })
  document.documentElement.lang = locale
  document.documentElement.dir = directionOf(locale)
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return rightToLeft.has(new Intl.Locale(locale).language) ? 'rtl' : 'ltr'
}

function closest(wanted: readonly string[], existing: string[]): string {
  for (const locale of wanted) {
    const language = locale.split('-')[0] ?? locale
    const found = existing.find((name) => name === locale) ?? existing.find((name) => name.split('-')[0] === language)
    if (found) return found
  }
  return 'en'
}
