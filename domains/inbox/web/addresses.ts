// What people type and paste where addresses belong. Pure.
import type { Addressee } from '../contract.ts'

const ADDRESS = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]{1,253}$/

export interface Typed {
  readonly addressees: readonly Addressee[]
  /** What is no address, as it was typed: it stays in the box. */
  readonly rest: string
}

/** `Ada <ada@example.org>, bob@example.org; …`: one or many, with or without names. */
export function addressesIn(typed: string): Typed {
  const addressees: Addressee[] = []
  const rest: string[] = []
  for (const part of partsOf(typed)) {
    const named = /^(.*?)<([^<>]*)>$/s.exec(part)
    const address = (named?.[2] ?? part).trim()
    const name = named?.[1]
      ?.trim()
      .replace(/^"(.*)"$/s, '$1')
      .trim()
      .slice(0, 200)
    if (!ADDRESS.test(address)) rest.push(part)
    else addressees.push({ address, ...(name && { name }) })
  }
  return { addressees, rest: rest.join(', ') }
}

/** Commas inside quotation marks belong to a name. */
function partsOf(typed: string): string[] {
  return (typed.match(/(?:"[^"]*"|[^,;\n"]|")+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '')
}

/** Adds those that are not there yet, whatever their capitals. */
export function withAddressees(list: readonly Addressee[], more: readonly Addressee[]): Addressee[] {
  const seen = new Set<string>()
  return [...list, ...more].filter(({ address }) => {
    const key = address.toLowerCase()
    return !seen.has(key) && Boolean(seen.add(key))
  })
}
