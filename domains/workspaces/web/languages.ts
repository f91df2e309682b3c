/** Languages that a workspace can speak with its visitors. */
const spoken = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'tr', 'ar', 'ja', 'zh']

/** Each by its own name, so that whoever reads it finds it. */
export function languageChoices(present?: string): { value: string; label: string }[] {
  const all = present && !spoken.includes(present) ? [present, ...spoken] : spoken
  return all.map((value) => ({ value, label: nameOf(value) }))
}

/** The first language of this browser that is among them. */
export function guessedLanguage(): string {
  const wanted = navigator.languages.map((locale) => locale.split('-')[0] ?? locale)
  return wanted.find((language) => spoken.includes(language)) ?? 'en'
}

function nameOf(locale: string): string {
  const name = new Intl.DisplayNames(locale, { type: 'language' }).of(locale) ?? locale
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}
