// Texts of mails and of pages that the server renders. The web app has its own, larger way; here a dictionary is enough.
//
//   const texts = catalogue({ hello: 'Hello {name}', open: { one: '{count} open', other: '{count} open' } }, { de: { hello: 'Hallo {name}' } })
//   translator('de-AT', texts).t('hello', { name })

/** A text with `{holes}`, or one text for each plural category of the language, chosen by `count`. */
export type Text = string | ({ readonly other: string } & { readonly [Category in Intl.LDMLPluralRule]?: string })

export type Texts = Readonly<Record<string, Text>>

/** The source language decides which keys there are; another language may lack some, and may not have more. */
export interface Catalogue<Source extends Texts> {
  readonly sourceLocale: string
  readonly source: Source
  readonly translations: Readonly<Record<string, { readonly [Key in keyof Source]?: Text }>>
}

type Holes<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never
type HolesOf<T extends Text> = T extends string
  ? Holes<T>
  : T extends Readonly<Record<string, string>>
    ? Holes<T[keyof T]> | 'count'
    : never
type ValuesFor<T extends Text> = { readonly [Name in HolesOf<T>]: Name extends 'count' ? number : string | number }
type Arguments<T extends Text> = [HolesOf<T>] extends [never] ? [] : [values: ValuesFor<T>]

export interface Translator<Source extends Texts> {
  /** As it was asked for, for dates and numbers; the source language when that was no locale. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  /** Plain text: put it through `html` before it becomes part of a page. */
  t<Key extends keyof Source & string>(key: Key, ...values: Arguments<Source[Key]>): string
  number(value: number, options?: Intl.NumberFormatOptions): string
  /** The time zone is never guessed: the server's is nobody's. */
  dateTime(value: Date, timeZone: string, options?: Intl.DateTimeFormatOptions): string
}

/** Checks that each translation names only the source's holes; throws TypeError at the start, not when the mail is due. */
export function catalogue<const Source extends Texts>(
  source: Source,
  translations: Catalogue<Source>['translations'] = {},
  sourceLocale = 'en',
): Catalogue<Source> {
  for (const [locale, texts] of Object.entries(translations)) {
    if (canonical(locale) !== locale) throw new TypeError(`${locale} is not a locale in its usual spelling`)
    for (const [key, text] of Object.entries(texts)) checkTranslation(`${locale}: ${key}`, source[key], text)
  }
  return { source, translations, sourceLocale }
}

/** A text that a language lacks comes from the next in the chain `de-AT`, `de`, source. */
export function translator<const Source extends Texts>(locale: string, texts: Catalogue<Source>): Translator<Source> {
  const asked = canonical(locale) ?? texts.sourceLocale
  const chain = fallbackChain(asked).filter((name) => Object.hasOwn(texts.translations, name))
  return {
    locale: asked,
    direction: directionOf(asked),
    t(key, ...[values]) {
      const from = chain.find((name) => texts.translations[name]?.[key] !== undefined)
      const text: Text | undefined = from === undefined ? texts.source[key] : texts.translations[from]?.[key]
      if (text === undefined) throw new TypeError(`There is no text ${key}`)
      return fill(text, from ?? texts.sourceLocale, asked, values ?? {})
    },
    number: (value, options) => new Intl.NumberFormat(asked, options).format(value),
    dateTime: (value, timeZone, options = { dateStyle: 'medium', timeStyle: 'short' }) =>
      new Intl.DateTimeFormat(asked, { ...options, timeZone }).format(value),
  }
}

/** `zh-Hant-TW` → `zh-Hant-TW`, `zh-Hant`, `zh`. */
export function fallbackChain(locale: string): string[] {
  const parts = locale.split('-')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  const asked = canonical(locale)
  if (asked === null) return 'ltr'
  const script = new Intl.Locale(asked).maximize().script
  return script !== undefined && rightToLeftScripts.has(script) ? 'rtl' : 'ltr'
}

// Living scripts written from right to left (Unicode); Intl's own text direction is not in every Node that people have.
const rightToLeftScripts = new Set(['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg', 'Mand', 'Samr'])

/** The usual spelling of a locale, or null for what is none: the value can come from a browser. */
function canonical(locale: string): string | null {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? null
  } catch {
    return null
  }
}

/** Plural rules are those of the language the text is in; numbers are written as the reader writes them. */
function fill(text: Text, textLocale: string, readerLocale: string, values: Readonly<Record<string, unknown>>): string {
  let chosen = text
  if (typeof chosen !== 'string') {
    const count = values['count']
    if (typeof count !== 'number') throw new TypeError('A plural needs a count')
    chosen = chosen[new Intl.PluralRules(textLocale).select(count)] ?? chosen.other
  }
  // One pass: what a value brings along is never read as a hole.
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new TypeError(`The value ${name} is missing`)
    return typeof value === 'number' ? new Intl.NumberFormat(readerLocale).format(value) : String(value)
  })
}

function checkTranslation(where: string, source: Text | undefined, text: Text | undefined): void {
  if (source === undefined) throw new TypeError(`${where} is no text of the source language`)
  if (text === undefined) return
  const known = holesIn(source)
  for (const hole of holesIn(text)) if (!known.has(hole)) throw new TypeError(`${where} has the unknown hole {${hole}}`)
}

function holesIn(text: Text): Set<string> {
  const all = typeof text === 'string' ? [text] : [...Object.values(text), '{count}']
  return new Set(all.flatMap((one) => [...one.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)))
}
