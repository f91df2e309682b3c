// The owner's colour, moved as little as needed until it can be read.
import type { WidgetAccent, WidgetConfig } from '../contract.ts'

type Rgb = readonly [number, number, number]

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb
const format = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG contrast of two colours `#rrggbb`, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** The nearest shade of `colour` that stands out from `ground` by `least`. */
function readableOn(colour: string, ground: string, least = 4.6): string {
  const target = luminance(parse(ground)) > 0.3 ? 0 : 255
  const from = parse(colour)
  for (let step = 0; step <= 20; step++) {
    const shade = format(from.map((part) => part + ((target - part) * step) / 20) as unknown as Rgb)
    if (contrast(shade, ground) >= least) return shade
  }
  return target ? '#ffffff' : '#000000'
}

const GROUNDS = { light: '#ffffff', dark: '#1e1c19' } as const
const PINE = '#0f6e5c'

/** The owner's colour for each theme, with the ink to write on it: whichever of the two reads better. */
export function accentsOf(colour: unknown): WidgetConfig['accents'] {
  const given = typeof colour === 'string' && /^#[\da-f]{6}$/i.test(colour) ? colour : PINE
  const on = (ground: string): WidgetAccent => {
    const accent = readableOn(given, ground)
    return { accent, ink: contrast(accent, '#ffffff') >= contrast(accent, '#0b1512') ? '#ffffff' : '#0b1512' }
  }
  return { light: on(GROUNDS.light), dark: on(GROUNDS.dark) }
}
