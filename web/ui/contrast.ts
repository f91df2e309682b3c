export type Pair = { light: string; dark: string }

/** Reads `--color-x: light-dark(a, b)` and `--color-x: a` from a stylesheet; the key is `x`. */
export function readColours(css: string): Map<string, Pair> {
  const found = new Map<string, Pair>()
  for (const [, name, value] of css.matchAll(/--color-([a-z0-9-]+):\s*([^;]+);/g)) {
    if (!name || !value) continue
    const pair = /^light-dark\((.+?\)?),\s*((?:rgb|#).+)\)$/.exec(value.trim())
    found.set(name, pair?.[1] && pair[2] ? { light: pair[1], dark: pair[2] } : { light: value, dark: value })
  }
  return found
}

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (!digits) throw new Error(`not a #rrggbb colour: ${hex}`)
  const [r, g, b] = digits.slice(1).map((part) => {
    const channel = Number.parseInt(part, 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
